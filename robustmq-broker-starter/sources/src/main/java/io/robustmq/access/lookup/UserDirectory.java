/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.ClientIdentity;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where hashes of passwords are looked up. Its methods wait, but not for ever. Thread-safe. */
public interface UserDirectory extends AutoCloseable {

    /** Null when the user is not there. */
    @Nullable
    Found find(ClientIdentity client) throws Exception;

    /** What a user whose password was right may do and may not do. */
    List<AccessRule> rules(ClientIdentity client) throws Exception;

    /** What of a client its answers depend on. */
    Set<Placeholder> uses();

    /** By what of a client its user is found; rules may depend on more. */
    Set<Placeholder> findsBy();

    @Override
    void close();
}
