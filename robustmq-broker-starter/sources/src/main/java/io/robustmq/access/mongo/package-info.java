/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Users in documents of MongoDB. */
@NullMarked
package io.robustmq.access.mongo;

import org.jspecify.annotations.NullMarked;
