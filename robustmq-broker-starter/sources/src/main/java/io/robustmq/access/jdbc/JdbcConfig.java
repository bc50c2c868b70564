/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jdbc;

import io.robustmq.access.lookup.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A database with users. Immutable.
 *
 * @param url without a password
 * @param query one row for a user that is there, with the columns {@code password_hash} (or {@code password}) and perhaps
 *     {@code salt}, {@code is_superuser} (or {@code superuser}); {@code username} (or {@code user_name}), with which the
 *     user's name is compared exactly, must be among them where the database compares names without their case
 * @param aclQuery rows with {@code action}, {@code topic} (or {@code filter}) and perhaps {@code permission}, {@code resource},
 *     {@code qos}, {@code retain}; null for none
 */
public record JdbcConfig(
        String url,
        @Nullable String user,
        Secret password,
        String query,
        @Nullable String aclQuery,
        int connectionsMax,
        int connectMillisMax,
        int queryMillisMax) {}
