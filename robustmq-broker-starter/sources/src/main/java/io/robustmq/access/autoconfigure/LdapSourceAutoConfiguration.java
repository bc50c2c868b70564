/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.SourceLimits;
import io.robustmq.access.ldap.LdapConfig;
import io.robustmq.access.ldap.LdapSource;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.access.lookup.RuleReader;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import io.robustmq.protocol.AccessRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Users of a directory, where one is configured. */
@AutoConfiguration
@ConditionalOnRole(Role.BROKER)
@ConditionalOnSource("ldap")
@EnableConfigurationProperties(LdapSourceProperties.class)
public class LdapSourceAutoConfiguration {

    @Bean(destroyMethod = "close")
    LdapSource robustMqLdapSource(NodeContext context, LdapSourceProperties properties) {
        return Remote.checked("ldap", () -> source(context, properties));
    }

    private static LdapSource source(NodeContext context, LdapSourceProperties properties) {
        SourceLimits limits = new SourceLimits(
                properties.timeout(), properties.remember(), properties.concurrency(), properties.onFailure());
        Set<String> superusers = new HashSet<>();
        Map<String, List<AccessRule>> rules = new HashMap<>();
        for (LdapGroupProperties group : properties.groups()) {
            String name = Remote.needed("the name of a group", group.name());
            RuleReader reader = new RuleReader("ldap-" + name);
            group.rules().forEach(reader::add);
            rules.put(name, reader.rules());
            if (group.superuser()) {
                superusers.add(name);
            }
        }
        LdapConfig config = new LdapConfig(
                Remote.needed("url", properties.url()),
                properties.startTls(),
                Remote.trust("ldap.ca-file", properties.caFile()).getSocketFactory(),
                properties.bindDn(),
                Remote.secret("ldap.bind-password", properties.bindPassword(), properties.bindPasswordFile()),
                properties.userDn(),
                properties.searchBase(),
                properties.searchFilter(),
                properties.nameAttribute(),
                properties.groupBase(),
                properties.groupFilter(),
                properties.groupAttribute(),
                Set.copyOf(superusers),
                Map.copyOf(rules),
                Remote.millis(properties.connectTimeout()),
                Remote.millis(limits.timeout()));
        return new LdapSource(config, limits, new Proofs(context.random()));
    }
}
