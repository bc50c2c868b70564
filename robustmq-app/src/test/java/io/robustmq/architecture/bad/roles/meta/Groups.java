/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.roles.meta;

/** The raft groups of a meta node. */
public final class Groups {}
