/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Frames, requests and responses as bytes. */
@NullMarked
package io.robustmq.kafka.codec;

import org.jspecify.annotations.NullMarked;
