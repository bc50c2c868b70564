/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.handler.ssl.SslContext;
import io.robustmq.protocol.ListenerSpec;

/** Where the keys of encrypted listeners come from. Thread-safe. */
@FunctionalInterface
public interface TlsContexts {

    /** Listens without keys. */
    TlsContexts NONE = spec -> {
        throw ListenerFailedException.notAvailable(spec);
    };

    /**
     * What the next connection of the listener is encrypted with; another one when keys were replaced meanwhile. Refuses when
     * there is no bundle of the listener's name.
     */
    SslContext current(ListenerSpec spec);

    /** The same for a client that names the server it wants; that of nobody's name when no key is that server's. */
    default SslContext named(ListenerSpec spec, String serverName) {
        return current(spec);
    }
}
