/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.SourceLimits;
import io.robustmq.access.jdbc.JdbcConfig;
import io.robustmq.access.jdbc.JdbcDirectory;
import io.robustmq.access.jdbc.JdbcDriver;
import io.robustmq.access.lookup.LookupSource;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Users in tables, where a database is configured. */
@AutoConfiguration
@ConditionalOnRole(Role.BROKER)
@ConditionalOnSource("jdbc")
@EnableConfigurationProperties(JdbcSourceProperties.class)
public class JdbcSourceAutoConfiguration {

    @Bean(destroyMethod = "close")
    LookupSource robustMqJdbcSource(NodeContext context, JdbcSourceProperties properties) {
        return Remote.checked("jdbc", () -> source(context, properties));
    }

    private static LookupSource source(NodeContext context, JdbcSourceProperties properties) {
        SourceLimits limits = new SourceLimits(
                properties.timeout(), properties.remember(), properties.concurrency(), properties.onFailure());
        String url = Remote.needed("url", properties.url());
        String query = Remote.needed("query", properties.query());
        JdbcDriver driver = JdbcDriver.of(url);
        Remote.needs(driver.className(), url.substring(0, url.indexOf(':', 5) + 1), driver.file());
        JdbcConfig config = new JdbcConfig(
                url,
                properties.user(),
                Remote.secret("jdbc.password", properties.password(), properties.passwordFile()),
                query,
                properties.aclQuery(),
                limits.concurrency(),
                Remote.millis(properties.connectTimeout()),
                Remote.millis(limits.timeout()));
        return new LookupSource(
                JdbcDirectory.NAME,
                new JdbcDirectory(config),
                properties.hash(),
                properties.salt(),
                limits,
                new Proofs(context.random()));
    }
}
