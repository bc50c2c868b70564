/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.jraft.broker;

import com.alipay.sofa.jraft.entity.PeerId;

/** A message path that knows raft. */
public final class BadVote {
    public final PeerId peer = new PeerId();
}
