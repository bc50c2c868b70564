/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.mongo;

import io.robustmq.access.lookup.Secret;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A MongoDB with users. Immutable.
 *
 * @param uri {@code mongodb://host:27017/?replicaSet=...}, without user and password
 * @param user of MongoDB; null for none
 * @param authDatabase that knows the user
 * @param trust whom the server's certificate must come from; null for the Java's own list
 * @param filter which document is the user's, with placeholders in its texts
 * @param aclFilter which documents are rules for the user; null for none
 */
public record MongoConfig(
        String uri,
        String database,
        @Nullable String user,
        Secret password,
        String authDatabase,
        @Nullable SSLContext trust,
        String collection,
        String filter,
        String aclCollection,
        @Nullable String aclFilter,
        int connectionsMax,
        int connectMillisMax,
        int answerMillisMax) {}
