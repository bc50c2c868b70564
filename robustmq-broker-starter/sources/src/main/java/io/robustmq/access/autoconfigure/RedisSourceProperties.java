/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.SourceLimits;
import io.robustmq.access.lookup.HashKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Users in hashes of Redis. Immutable.
 *
 * @param host of Redis; anything said here configures the source
 * @param port of Redis
 * @param database its number
 * @param user as whom the node logs in; unset for the default user
 * @param password of that user; unset for none
 * @param passwordFile a file with that password instead, read at each use
 * @param tls whether the connection is encrypted
 * @param caFile certificates in PEM that the server's must come from; unset for those that Java trusts
 * @param key of a hash with the fields password_hash, salt, is_superuser, with %u (user), %c (client id), %a (address), %t (tenant)
 * @param aclKey of a hash from topics to publish, subscribe or all, with deny before it for what is forbidden; unset for none
 * @param hash how passwords are kept; auto for hashes that say what they are
 * @param salt where the field salt goes, for sha256 and sha512
 * @param connectTimeout after which no connection is waited for
 * @param timeout after which an answer is too late
 * @param remember how long a right password is not asked for again; so long an old one still opens
 * @param concurrency log-ins that are with Redis at a time, which is also its connections
 * @param onFailure what happens when Redis cannot tell
 */
@ConfigurationProperties("robustmq.access.sources.redis")
public record RedisSourceProperties(
        @Nullable String host,
        @DefaultValue("6379") int port,
        @DefaultValue("0") int database,
        @Nullable String user,
        @Nullable String password,
        @Nullable String passwordFile,
        @DefaultValue("false") boolean tls,
        @Nullable String caFile,
        @DefaultValue("mqtt_user:%u") String key,
        @Nullable String aclKey,
        @DefaultValue("auto") HashKind hash,
        @DefaultValue("none") HashKind.Salt salt,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("30s") Duration remember,
        @DefaultValue("4") int concurrency,
        @DefaultValue("refuse") SourceLimits.OnFailure onFailure) {}
