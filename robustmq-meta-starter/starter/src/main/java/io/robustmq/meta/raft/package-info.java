/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** sofa-jraft, fenced in: its transport over the inner port, its storage options, one group. The only package that sees it. */
@org.jspecify.annotations.NullMarked
package io.robustmq.meta.raft;
