/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.SourceLimits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Users of a directory. Immutable.
 *
 * @param url ldap://host:389 or ldaps://host:636; several, separated by spaces, are tried in turn; anything said here configures the source
 * @param startTls whether a connection to ldap:// is encrypted before anything is said
 * @param caFile certificates in PEM that the server's must come from; unset for those that Java trusts
 * @param bindDn as whom users are looked for; unset for nobody
 * @param bindPassword of that name
 * @param bindPasswordFile a file with that password instead, read at each use
 * @param userDn where the entry of a user is, with %u, %c, %a, %t; unset to look for it
 * @param searchBase below which a user's entry is looked for
 * @param searchFilter which entry is the user's
 * @param nameAttribute has the user's name, which is compared letter for letter
 * @param groupBase below which groups are looked for; unset for none
 * @param groupFilter which groups are the user's; %d is the name of the user's entry
 * @param groupAttribute has a group's name
 * @param groups what members of a group may do
 * @param connectTimeout after which no connection is waited for
 * @param timeout after which an answer is too late
 * @param remember how long a right password is not asked for again; so long an old one still opens
 * @param concurrency log-ins that are with the directory at a time, each with a connection
 * @param onFailure what happens when the directory cannot tell
 */
@ConfigurationProperties("robustmq.access.sources.ldap")
public record LdapSourceProperties(
        @Nullable String url,
        @DefaultValue("false") boolean startTls,
        @Nullable String caFile,
        @Nullable String bindDn,
        @Nullable String bindPassword,
        @Nullable String bindPasswordFile,
        @Nullable String userDn,
        @Nullable String searchBase,
        @DefaultValue("(uid=%u)") String searchFilter,
        @DefaultValue("uid") String nameAttribute,
        @Nullable String groupBase,
        @DefaultValue("(member=%d)") String groupFilter,
        @DefaultValue("cn") String groupAttribute,
        @DefaultValue List<LdapGroupProperties> groups,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("30s") Duration remember,
        @DefaultValue("8") int concurrency,
        @DefaultValue("refuse") SourceLimits.OnFailure onFailure) {}
