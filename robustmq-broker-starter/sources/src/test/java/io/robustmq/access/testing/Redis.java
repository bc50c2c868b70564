/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.testing;

import java.util.Map;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;

/** Redis, with {@link #PASSWORD}, and a second port with TLS whose certificate is for {@code localhost} only. Confined to the test's thread. */
public final class Redis implements AutoCloseable {
    public static final String PASSWORD = "redis-service-secret";

    private final Program program;
    private final int port = Program.freePort();
    private final int tlsPort = Program.freePort();
    private final Certificate certificate;
    private final RedisClient client;

    public Redis() {
        String redis = Program.find("redis-server", "/usr/bin/redis-server");
        program = new Program("redis", null);
        try {
            certificate = new Certificate(program);
            program.serve(
                    port,
                    redis,
                    "--port",
                    String.valueOf(port),
                    "--tls-port",
                    String.valueOf(tlsPort),
                    "--tls-cert-file",
                    certificate.file().toString(),
                    "--tls-key-file",
                    certificate.key().toString(),
                    "--tls-auth-clients",
                    "no",
                    "--bind",
                    "127.0.0.1",
                    "--requirepass",
                    PASSWORD,
                    "--save",
                    "",
                    "--appendonly",
                    "no");
            client = RedisClient.builder()
                    .hostAndPort(new HostAndPort("127.0.0.1", port))
                    .clientConfig(DefaultJedisClientConfig.builder()
                            .password(PASSWORD)
                            .build())
                    .build();
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    public int port() {
        return port;
    }

    public int tlsPort() {
        return tlsPort;
    }

    public Certificate certificate() {
        return certificate;
    }

    /** Replaces what was there. */
    public void hash(String key, Map<String, String> fields) {
        client.del(key);
        client.hset(key, fields);
    }

    public void text(String key, String value) {
        client.set(key, value);
    }

    @Override
    public void close() {
        client.close();
        program.close();
    }
}
