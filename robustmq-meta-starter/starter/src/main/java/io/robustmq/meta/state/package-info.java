/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The replicated state: what is stored, how commands change it, what watchers are told. Knows neither raft nor gRPC. */
@org.jspecify.annotations.NullMarked
package io.robustmq.meta.state;
