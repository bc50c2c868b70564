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
 * Users in documents of MongoDB. Immutable.
 *
 * @param uri mongodb://host:27017/?replicaSet=..., without user and password; anything said here configures the source
 * @param database with the users
 * @param user as whom the node logs in; unset for nobody
 * @param password of that user
 * @param passwordFile a file with that password instead, read at each use
 * @param authDatabase the database that knows that user
 * @param caFile certificates in PEM that the server's must come from, which encrypts the connection; for those that Java trusts, tls=true in the URI
 * @param collection with a document for each user, which has password_hash, salt, is_superuser
 * @param filter finds a user's document, with %u (user), %c (client id), %a (address), %t (tenant) in its texts
 * @param aclCollection with documents that are rules and have permission, action, topics or topic, qos, retain, resource
 * @param aclFilter finds rules of a user whose password was right; unset for none
 * @param hash how passwords are kept; auto for hashes that say what they are
 * @param salt where the field salt goes, for sha256 and sha512
 * @param connectTimeout after which no connection is waited for
 * @param timeout after which an answer is too late
 * @param remember how long a right password is not asked for again; so long an old one still opens
 * @param concurrency log-ins that are with MongoDB at a time, which is also its connections
 * @param onFailure what happens when MongoDB cannot tell
 */
@ConfigurationProperties("robustmq.access.sources.mongodb")
public record MongoSourceProperties(
        @Nullable String uri,
        @Nullable String database,
        @Nullable String user,
        @Nullable String password,
        @Nullable String passwordFile,
        @DefaultValue("admin") String authDatabase,
        @Nullable String caFile,
        @DefaultValue("mqtt_user") String collection,
        @DefaultValue("{username: '%u'}") String filter,
        @DefaultValue("mqtt_acl") String aclCollection,
        @Nullable String aclFilter,
        @DefaultValue("auto") HashKind hash,
        @DefaultValue("none") HashKind.Salt salt,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("30s") Duration remember,
        @DefaultValue("4") int concurrency,
        @DefaultValue("refuse") SourceLimits.OnFailure onFailure) {}
