/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.SourceLimits;
import io.robustmq.access.lookup.LookupSource;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.access.mongo.MongoConfig;
import io.robustmq.access.mongo.MongoDirectory;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Users in MongoDB, where one is configured. */
@AutoConfiguration
@ConditionalOnRole(Role.BROKER)
@ConditionalOnSource("mongodb")
@EnableConfigurationProperties(MongoSourceProperties.class)
public class MongoSourceAutoConfiguration {

    @Bean(destroyMethod = "close")
    LookupSource robustMqMongoSource(NodeContext context, MongoSourceProperties properties) {
        Remote.needs(
                "com.mongodb.client.MongoClients",
                "A MongoDB",
                "mongodb-driver-sync.jar",
                "mongodb-driver-core.jar",
                "bson.jar");
        return Remote.checked("mongodb", () -> source(context, properties));
    }

    private static LookupSource source(NodeContext context, MongoSourceProperties properties) {
        SourceLimits limits = new SourceLimits(
                properties.timeout(), properties.remember(), properties.concurrency(), properties.onFailure());
        MongoConfig config = new MongoConfig(
                Remote.needed("uri", properties.uri()),
                Remote.needed("database", properties.database()),
                properties.user(),
                Remote.secret("mongodb.password", properties.password(), properties.passwordFile()),
                properties.authDatabase(),
                properties.caFile() == null ? null : Remote.trust("mongodb.ca-file", properties.caFile()),
                properties.collection(),
                properties.filter(),
                properties.aclCollection(),
                properties.aclFilter(),
                limits.concurrency(),
                Remote.millis(properties.connectTimeout()),
                Remote.millis(limits.timeout()));
        return new LookupSource(
                MongoDirectory.NAME,
                new MongoDirectory(config),
                properties.hash(),
                properties.salt(),
                limits,
                new Proofs(context.random()));
    }
}
