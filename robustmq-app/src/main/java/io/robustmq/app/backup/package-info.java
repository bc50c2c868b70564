/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Copies of a node's directories of one moment, and back; without a server, and without Spring. */
@NullMarked
package io.robustmq.app.backup;

import org.jspecify.annotations.NullMarked;
