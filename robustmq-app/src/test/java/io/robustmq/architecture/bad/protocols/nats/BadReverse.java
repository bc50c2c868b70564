/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.protocols.nats;

import io.robustmq.architecture.bad.protocols.mq9.Mailbox;

/** mq9 may use NATS, never the other way round. */
public final class BadReverse {
    public final Mailbox mailbox = new Mailbox();
}
