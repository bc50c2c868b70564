/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.redis;

import io.robustmq.access.lookup.Secret;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A Redis with users. Immutable.
 *
 * @param user of Redis' own ACLs; null for the default one
 * @param sockets trusts whom the server's certificate must come from; null for connections in the clear
 * @param key of a hash with the fields {@code password_hash} (or {@code password}), {@code salt}, {@code is_superuser}
 * @param aclKey of a hash from topics to what may be done to them; null for none
 */
public record RedisConfig(
        String host,
        int port,
        int database,
        @Nullable String user,
        Secret password,
        @Nullable SSLSocketFactory sockets,
        String key,
        @Nullable String aclKey,
        int connectionsMax,
        int connectMillisMax,
        int answerMillisMax) {}
