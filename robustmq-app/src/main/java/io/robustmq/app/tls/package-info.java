/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** TLS of the commands that call a node: {@code ctl} and {@code bench}. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.tls;
