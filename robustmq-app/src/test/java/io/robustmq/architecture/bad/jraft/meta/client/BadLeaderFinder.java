/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.jraft.meta.client;

import com.alipay.sofa.jraft.entity.PeerId;

/** The client is for nodes without raft. */
public final class BadLeaderFinder {
    public final PeerId peer = new PeerId();
}
