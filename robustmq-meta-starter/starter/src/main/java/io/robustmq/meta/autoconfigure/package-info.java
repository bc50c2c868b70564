/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The meta role as beans. The only package of the starter that sees Spring. */
@org.jspecify.annotations.NullMarked
package io.robustmq.meta.autoconfigure;
