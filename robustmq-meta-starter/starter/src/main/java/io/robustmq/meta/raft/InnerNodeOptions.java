/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.option.NodeOptions;
import io.robustmq.rpc.InnerSecurity;

/**
 * Carries through jraft, whose transport factory is one per JVM, what this member's client proves to the others. Confined to the
 * thread that starts the member.
 */
final class InnerNodeOptions extends NodeOptions {
    private final InnerSecurity security;

    InnerNodeOptions(InnerSecurity security) {
        this.security = security;
    }

    InnerSecurity security() {
        return security;
    }
}
