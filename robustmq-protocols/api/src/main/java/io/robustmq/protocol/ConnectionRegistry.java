/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open connections of this node. Implementations are thread-safe. */
public interface ConnectionRegistry {

    /**
     * A connection and its traffic when it was asked for. Immutable.
     *
     * @param clientId the client's own name, null before the protocol knows it
     * @param userName who the client is, null when it did not say
     * @param certificate subject of the client's certificate, null without one
     * @param bytesIn as on the wire, framing included
     * @param bytesOut as on the wire, framing included
     */
    record ConnectionView(
            ConnectionInfo info,
            @Nullable String clientId,
            @Nullable String userName,
            @Nullable String certificate,
            long bytesIn,
            long bytesOut) {}

    /** A copy, ordered by id; of at most {@code limit} connections with an id above {@code afterId}. */
    List<ConnectionView> list(long afterId, int limit);

    int size();

    /** Asks the protocol to say farewell and close; false when there is no such connection. */
    boolean close(long id, String reason);
}
