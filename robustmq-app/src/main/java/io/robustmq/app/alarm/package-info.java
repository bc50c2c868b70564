/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What is wrong with this node now, and what to do about it: raised and cleared by checks on a timer. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.alarm;
