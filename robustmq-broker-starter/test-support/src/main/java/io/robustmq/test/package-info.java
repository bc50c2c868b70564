/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** A broker for the tests of Spring applications. */
@NullMarked
package io.robustmq.test;

import org.jspecify.annotations.NullMarked;
