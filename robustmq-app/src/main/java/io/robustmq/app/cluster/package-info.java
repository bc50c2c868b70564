/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Answers of the admin API that are about the cluster: the other nodes are asked over the inner port. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.cluster;
