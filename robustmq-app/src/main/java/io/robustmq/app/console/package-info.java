/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Pages for people on the admin port. They ask and act through the admin API only; nothing of them is loaded before somebody looks. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.console;
