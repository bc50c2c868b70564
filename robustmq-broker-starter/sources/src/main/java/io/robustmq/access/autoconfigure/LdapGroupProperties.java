/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What members of a group may do. Immutable.
 *
 * @param name of the group
 * @param superuser whether they may do everything
 * @param rules allow or deny, an action and a topic: allow publish plant/#
 */
@ConfigurationProperties("robustmq.access.sources.ldap.groups")
public record LdapGroupProperties(
        @Nullable String name,
        @DefaultValue("false") boolean superuser,
        @DefaultValue List<String> rules) {}
