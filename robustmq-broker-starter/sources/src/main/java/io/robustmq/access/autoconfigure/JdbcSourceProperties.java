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
 * Users in tables of PostgreSQL, MySQL or MariaDB. Immutable.
 *
 * @param url jdbc:postgresql:, jdbc:mysql: or jdbc:mariadb:, without user and password; anything said here configures the source
 * @param user as whom the node connects
 * @param password of that user
 * @param passwordFile a file with that password instead, read at each use
 * @param query finds a user's row, with %u (user), %c (client id), %a (address), %t (tenant) as parameters; columns password_hash, salt,
 *     is_superuser, username
 * @param aclQuery finds rules of a user whose password was right; columns permission, action, topic, qos, retain, resource
 * @param hash how passwords are kept; auto for hashes that say what they are
 * @param salt where the column salt goes, for sha256 and sha512
 * @param connectTimeout after which no connection is waited for
 * @param timeout after which an answer is too late
 * @param remember how long a right password is not asked for again; so long an old one still opens
 * @param concurrency log-ins that are with the database at a time, which is also its connections
 * @param onFailure what happens when the database cannot tell
 */
@ConfigurationProperties("robustmq.access.sources.jdbc")
public record JdbcSourceProperties(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password,
        @Nullable String passwordFile,
        @Nullable String query,
        @Nullable String aclQuery,
        @DefaultValue("auto") HashKind hash,
        @DefaultValue("none") HashKind.Salt salt,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("30s") Duration remember,
        @DefaultValue("4") int concurrency,
        @DefaultValue("refuse") SourceLimits.OnFailure onFailure) {}
