/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Users in the tables of a relational database. */
@NullMarked
package io.robustmq.access.jdbc;

import org.jspecify.annotations.NullMarked;
