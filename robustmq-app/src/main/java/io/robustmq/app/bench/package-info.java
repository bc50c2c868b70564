/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The load generator. Talks to any broker from outside; no class of Spring may be loaded here. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.bench;
