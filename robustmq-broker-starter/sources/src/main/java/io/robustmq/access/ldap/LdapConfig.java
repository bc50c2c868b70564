/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.ldap;

import io.robustmq.access.lookup.Secret;
import io.robustmq.protocol.AccessRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A directory with users. Immutable.
 *
 * @param url {@code ldap://host:389} or {@code ldaps://host:636}; several, separated by spaces, are tried in turn
 * @param startTls whether a connection that begins in the clear is encrypted before anything is said
 * @param sockets trusts whom the server's certificate must come from
 * @param bindDn as whom users are looked for; null for nobody
 * @param userDn where the entry of a user is, with placeholders; null to look for it
 * @param searchBase below which users are looked for where their place is not known
 * @param searchFilter which entry is the user's, with placeholders
 * @param nameAttribute has the user's name, letter for letter: directories compare without case, rules do not
 * @param groupBase below which groups are looked for; null for none
 * @param groupFilter which groups are the user's; {@code %d} is the name of the user's entry
 * @param groupAttribute has a group's name
 * @param superusers groups whose members may do everything
 * @param rules what members of a group may do and may not do
 */
public record LdapConfig(
        String url,
        boolean startTls,
        SSLSocketFactory sockets,
        @Nullable String bindDn,
        Secret bindPassword,
        @Nullable String userDn,
        @Nullable String searchBase,
        String searchFilter,
        String nameAttribute,
        @Nullable String groupBase,
        String groupFilter,
        String groupAttribute,
        Set<String> superusers,
        Map<String, List<AccessRule>> rules,
        int connectMillisMax,
        int answerMillisMax) {}
