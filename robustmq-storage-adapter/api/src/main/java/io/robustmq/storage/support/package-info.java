/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What engines have in common: pins, epochs with their ends, records by time, listeners of the high watermark. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.support;
