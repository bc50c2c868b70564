/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Record batch v2, byte-compatible with Kafka: build, view, validate. */
@org.jspecify.annotations.NullMarked
package io.robustmq.kernel.record;
