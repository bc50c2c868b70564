/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import io.robustmq.access.jdbc.JdbcConfig;
import io.robustmq.access.jdbc.JdbcDirectory;
import io.robustmq.access.lookup.Secret;
import io.robustmq.access.lookup.UserDirectory;
import io.robustmq.access.mongo.MongoConfig;
import io.robustmq.access.mongo.MongoDirectory;
import io.robustmq.access.redis.RedisConfig;
import io.robustmq.access.redis.RedisDirectory;
import io.robustmq.protocol.ClientIdentity;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that asks each database for a user and writes what it has got, or of which kinds the failure and its causes are, into a
 * file, one line each: run by {@link ReleaseJarIT} with nothing but the jar, what lies beside it, and itself on the class path. Stateless.
 */
final class DriversProbe {
    private static final int MILLIS_MAX = 2_000;

    private DriversProbe() {}

    /** @param args the file, then the ports of PostgreSQL, Redis and MongoDB on this machine, and their password */
    public static void main(String[] args) throws Exception {
        Secret password = Secret.of(args[4]);
        String said = "jdbc " + ask(jdbc(Integer.parseInt(args[1]), password)) + "\nredis "
                + ask(redis(Integer.parseInt(args[2]), password)) + "\nmongodb "
                + ask(mongo(Integer.parseInt(args[3])));
        Files.writeString(Path.of(args[0]), said + "\n");
    }

    private static UserDirectory jdbc(int port, Secret password) {
        return new JdbcDirectory(new JdbcConfig(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "postgres",
                password,
                "select 'hash' as password_hash, true as is_superuser where 'ann' = %u",
                null,
                1,
                MILLIS_MAX,
                MILLIS_MAX));
    }

    private static UserDirectory redis(int port, Secret password) {
        return new RedisDirectory(new RedisConfig(
                "127.0.0.1", port, 0, null, password, null, "mqtt_user:%u", null, 1, MILLIS_MAX, MILLIS_MAX));
    }

    private static UserDirectory mongo(int port) {
        return new MongoDirectory(new MongoConfig(
                "mongodb://127.0.0.1:" + port,
                "mqtt",
                null,
                Secret.NONE,
                "admin",
                null,
                "users",
                "{username: '%u'}",
                "acl",
                null,
                1,
                MILLIS_MAX,
                MILLIS_MAX));
    }

    private static String ask(UserDirectory directory) {
        StringBuilder said = new StringBuilder();
        try (directory) {
            said.append(directory.find(new ClientIdentity("default", "mqtt", "c", "ann", "127.0.0.1")));
        } catch (Exception | LinkageError e) {
            for (Throwable each = e; each != null; each = each.getCause()) {
                said.append(each.getClass().getSimpleName()).append(' ');
            }
        }
        return said.toString().strip();
    }
}
