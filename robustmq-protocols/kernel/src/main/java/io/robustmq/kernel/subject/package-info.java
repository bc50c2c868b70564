/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Subjects: their spellings, the index of live subscriptions, the bindings that decide which topic a subject belongs to, and
 * the partition rule.
 */
@NullMarked
package io.robustmq.kernel.subject;

import org.jspecify.annotations.NullMarked;
