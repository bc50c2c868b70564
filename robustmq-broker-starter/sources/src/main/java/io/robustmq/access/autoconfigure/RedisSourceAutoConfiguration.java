/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.SourceLimits;
import io.robustmq.access.lookup.LookupSource;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.access.redis.RedisConfig;
import io.robustmq.access.redis.RedisDirectory;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Users in Redis, where one is configured. */
@AutoConfiguration
@ConditionalOnRole(Role.BROKER)
@ConditionalOnSource("redis")
@EnableConfigurationProperties(RedisSourceProperties.class)
public class RedisSourceAutoConfiguration {

    @Bean(destroyMethod = "close")
    LookupSource robustMqRedisSource(NodeContext context, RedisSourceProperties properties) {
        Remote.needs(
                "redis.clients.jedis.RedisClient",
                "A Redis",
                "jedis.jar",
                "commons-pool2.jar",
                "json.jar",
                "redis-authx-core.jar");
        return Remote.checked("redis", () -> source(context, properties));
    }

    private static LookupSource source(NodeContext context, RedisSourceProperties properties) {
        SourceLimits limits = new SourceLimits(
                properties.timeout(), properties.remember(), properties.concurrency(), properties.onFailure());
        RedisConfig config = new RedisConfig(
                Remote.needed("host", properties.host()),
                properties.port(),
                properties.database(),
                properties.user(),
                Remote.secret("redis.password", properties.password(), properties.passwordFile()),
                properties.tls()
                        ? Remote.trust("redis.ca-file", properties.caFile()).getSocketFactory()
                        : null,
                properties.key(),
                properties.aclKey(),
                limits.concurrency(),
                Remote.millis(properties.connectTimeout()),
                Remote.millis(limits.timeout()));
        return new LookupSource(
                RedisDirectory.NAME,
                new RedisDirectory(config),
                properties.hash(),
                properties.salt(),
                limits,
                new Proofs(context.random()));
    }
}
