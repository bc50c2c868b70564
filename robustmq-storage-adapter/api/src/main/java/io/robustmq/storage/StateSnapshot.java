/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.netty.buffer.ByteBuf;

/**
 * Derived state of a shard as of an offset. The receiver releases it.
 *
 * @param offset the state covers everything below it; -1 when there is none
 * @param owned the bytes; empty when there is none
 */
public record StateSnapshot(long offset, ByteBuf owned) {}
