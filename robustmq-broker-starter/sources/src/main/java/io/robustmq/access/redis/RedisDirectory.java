/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.redis;

import io.robustmq.access.lookup.Found;
import io.robustmq.access.lookup.Placeholder;
import io.robustmq.access.lookup.RuleReader;
import io.robustmq.access.lookup.Template;
import io.robustmq.access.lookup.UserDirectory;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.ClientIdentity;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

/** Users in hashes of Redis. Thread-safe: connections come from a pool, which opens its first when it is first asked. */
public final class RedisDirectory implements UserDirectory {
    public static final String NAME = "redis";

    private final Template key;
    private final @Nullable Template aclKey;
    private final RedisClient client;

    /** Fails with IllegalArgumentException for a configuration that cannot work, whatever Redis says. */
    public RedisDirectory(RedisConfig config) {
        key = Template.personal("the key", config.key());
        aclKey = config.aclKey() == null ? null : Template.personal("the key of rules", config.aclKey());
        client = RedisClient.builder()
                .hostAndPort(config.host(), config.port())
                .clientConfig(clientConfig(config))
                .poolConfig(poolConfig(config))
                .build();
    }

    private static DefaultJedisClientConfig clientConfig(RedisConfig config) {
        DefaultJedisClientConfig.Builder builder = DefaultJedisClientConfig.builder()
                .database(config.database())
                .connectionTimeoutMillis(config.connectMillisMax())
                .socketTimeoutMillis(config.answerMillisMax());
        if (config.user() != null || !config.password().text().isEmpty()) {
            builder.credentialsProvider(() ->
                    new DefaultRedisCredentials(config.user(), config.password().text()));
        }
        if (config.sockets() != null) {
            SSLParameters parameters = new SSLParameters();
            // Without it any certificate of the right origin would do, whatever its name.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            builder.ssl(true).sslSocketFactory(config.sockets()).sslParameters(parameters);
        }
        return builder.build();
    }

    private static ConnectionPoolConfig poolConfig(RedisConfig config) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(config.connectionsMax());
        pool.setMaxIdle(config.connectionsMax());
        pool.setMaxWait(Duration.ofMillis(config.connectMillisMax()));
        pool.setJmxEnabled(false);
        return pool;
    }

    @Override
    public @Nullable Found find(ClientIdentity who) {
        String name = key.of(who, UnaryOperator.identity());
        List<String> fields = answer(() -> client.hmget(name, "password_hash", "password", "salt", "is_superuser"));
        String hash = fields.get(0) == null ? fields.get(1) : fields.get(0);
        if (hash == null) {
            return null;
        }
        String salt = fields.get(2);
        return new Found(hash, salt == null ? "" : salt, RuleReader.truth("is_superuser", fields.get(3)));
    }

    @Override
    public List<AccessRule> rules(ClientIdentity who) {
        Template template = aclKey;
        if (template == null) {
            return List.of();
        }
        String name = template.of(who, UnaryOperator.identity());
        Map<String, String> topics = new TreeMap<>(answer(() -> client.hgetAll(name)));
        RuleReader rules = new RuleReader(NAME);
        topics.forEach((topic, value) -> {
            String words = value.strip().toLowerCase(Locale.ROOT);
            boolean denies = words.startsWith("deny ");
            boolean allows = words.startsWith("allow ");
            String action = denies || allows ? words.substring(words.indexOf(' ') + 1) : words;
            rules.add(denies ? "deny" : "allow", action, null, topic, null, null);
        });
        return rules.rules();
    }

    /** A key of another type is one user's trouble, not that of all. */
    private static <T> T answer(Supplier<T> question) {
        try {
            return question.get();
        } catch (JedisDataException e) {
            if (String.valueOf(e.getMessage()).startsWith("WRONGTYPE")) {
                throw new IllegalArgumentException("the key is not that of a hash", e);
            }
            throw e;
        }
    }

    @Override
    public Set<Placeholder> findsBy() {
        return key.uses();
    }

    @Override
    public Set<Placeholder> uses() {
        Set<Placeholder> used = EnumSet.copyOf(key.uses());
        if (aclKey != null) {
            used.addAll(aclKey.uses());
        }
        return used;
    }

    @Override
    public void close() {
        client.close();
    }
}
