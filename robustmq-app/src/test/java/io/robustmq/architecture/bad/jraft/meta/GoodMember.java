/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.jraft.meta;

import com.alipay.sofa.jraft.entity.PeerId;

/** The meta starter is where raft lives. */
public final class GoodMember {
    public final PeerId peer = new PeerId();
}
