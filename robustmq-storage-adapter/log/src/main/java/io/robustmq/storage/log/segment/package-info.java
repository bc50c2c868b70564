/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The segments of one stream: files of batches, one behind the other, and their indexes. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.log.segment;
