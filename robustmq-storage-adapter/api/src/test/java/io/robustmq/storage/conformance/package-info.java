/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What every engine must do, as tests: an engine's module extends {@link
 * io.robustmq.storage.conformance.ShardEngineConformance} and says in an {@link
 * io.robustmq.storage.conformance.EngineFixture} how it is started. The suite reads the engine's capabilities and adapts.
 */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.conformance;
