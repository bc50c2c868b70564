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
     * @param protocol decides catch-all and capture rule ({@code mqtt}, {@code nats}, ...)
     * @param origin identity for "no local": compared with {@link Sink#origin()}
     */
    Publisher open(
            ClientIdentity client, String protocol, Spelling spelling, Object origin, Loop loop, PublishAcks acks);
}
