/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Rules of operators about clients' topics: rewriting them, and subscribing for clients. */
@org.jspecify.annotations.NullMarked
package io.robustmq.mqtt.rules;
