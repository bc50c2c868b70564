/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
@NullMarked
package io.robustmq.access;

import org.jspecify.annotations.NullMarked;
