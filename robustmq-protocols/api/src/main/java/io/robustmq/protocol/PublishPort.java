/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.subject.Spelling;

/** The door from protocols to the log. Thread-safe. */
public interface PublishPort {

    /**
     * The protocol of what the node says about itself, below {@code $SYS}: nobody else may publish there, nothing of it is
     * captured, and it needs nobody's permission.
     */
    String SYSTEM = "$sys";

    /**
     * @param protocol decides catch-all and capture rule ({@code mqtt}, {@code nats}, ...)
     * @param origin identity for "no local": compared with {@link Sink#origin()}
     */
    Publisher open(
            ClientIdentity client, String protocol, Spelling spelling, Object origin, Loop loop, PublishAcks acks);
}
