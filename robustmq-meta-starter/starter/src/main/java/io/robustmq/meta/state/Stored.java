/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

/** A document as it is kept: revision of its last change and content. Immutable; nobody writes to the array. */
public record Stored(DocKey key, byte[] value, long revision) {}
