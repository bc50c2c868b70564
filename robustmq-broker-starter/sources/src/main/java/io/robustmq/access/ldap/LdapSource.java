/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.ldap;

import io.robustmq.access.ConfiguredSource;
import io.robustmq.access.SourceLimits;
import io.robustmq.access.ldap.LdapSession.Entry;
import io.robustmq.access.lookup.FailureLog;
import io.robustmq.access.lookup.Placeholder;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.access.lookup.Template;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.naming.AuthenticationException;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users of a directory: a password is right when the directory lets the user in with it. Each log-in has a connection of its own.
 * Thread-safe: immutable.
 */
public final class LdapSource implements ConfiguredSource {
    public static final String NAME = "ldap";
    private static final Logger LOG = LoggerFactory.getLogger(LdapSource.class);
    private static final int GROUPS_MAX = 1_000;
    /** In the filter for groups: the name of the user's entry. */
    private static final String ENTRY = "%d";

    private final LdapConfig config;
    private final SourceLimits limits;
    private final Proofs proofs;
    private final FailureLog log = new FailureLog(NAME);
    private final @Nullable Template userDn;
    private final Template searchFilter;
    private final List<Template> groupFilter = new ArrayList<>();
    private final Set<Placeholder> uses = EnumSet.of(Placeholder.USER);

    /** Fails with IllegalArgumentException for a configuration that cannot work, whatever the directory says. */
    public LdapSource(LdapConfig config, SourceLimits limits, Proofs proofs) {
        this.config = config;
        this.limits = limits;
        this.proofs = proofs;
        if (config.userDn() == null && config.searchBase() == null) {
            throw new IllegalArgumentException("neither user-dn nor search-base says where users are");
        }
        userDn = config.userDn() == null ? null : Template.personal("user-dn", config.userDn());
        searchFilter = Template.personal("search-filter", config.searchFilter());
        for (String part : config.groupFilter().split(ENTRY, -1)) {
            groupFilter.add(Template.of(part));
        }
        uses.addAll(userDn == null ? searchFilter.uses() : userDn.uses());
        groupFilter.forEach(each -> uses.addAll(each.uses()));
        if (!config.startTls() && !config.url().regionMatches(true, 0, "ldaps:", 0, 6)) {
            LOG.warn(
                    "source {}: passwords can be read on their way to {}: use ldaps:// or start-tls",
                    NAME,
                    config.url());
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SourceLimits limits() {
        return limits;
    }

    @Override
    public String revision(ClientIdentity client) {
        return Placeholder.all(uses, client);
    }

    @Override
    public boolean knowsTenants() {
        return (userDn == null ? searchFilter : userDn).uses().contains(Placeholder.TENANT);
    }

    @Override
    public CompletionStage<Answer> verify(ClientIdentity client, byte[] password) {
        String user = client.userName();
        Answer answer;
        try {
            boolean named = user != null && !user.isEmpty() && Placeholder.areTexts(uses, client);
            answer = named ? ask(client, user, password) : Answer.UNKNOWN;
            log.worked();
        } catch (Exception e) {
            log.failed(e, FailureLog.reason(e));
            answer = Answer.FAILED;
        }
        return CompletableFuture.completedStage(answer);
    }

    private Answer ask(ClientIdentity client, String user, byte[] password) throws Exception {
        try (LdapSession session = LdapSession.open(config)) {
            return userDn != null && config.bindDn() == null
                    ? askAsUser(session, userDn, client, user, password)
                    : askAsNode(session, client, user, password);
        }
    }

    /** The node looks for the user and the groups, then the user shows that the password is right. */
    private Answer askAsNode(LdapSession session, ClientIdentity client, String user, byte[] password)
            throws NamingException {
        try {
            session.bindNode();
        } catch (AuthenticationException e) {
            throw new NamingException(
                    "the directory does not let the node in as " + config.bindDn() + ": " + e.getMessage());
        }
        List<Entry> found = userDn != null
                ? session.entry(new LdapName(userDn.of(client, LdapEscape::name)), config.nameAttribute())
                : session.below(
                        String.valueOf(config.searchBase()),
                        searchFilter.of(client, LdapEscape::filter),
                        config.nameAttribute(),
                        2);
        if (found.size() > 1) {
            throw new NamingException("the filter has found more than one user");
        }
        if (found.isEmpty() || !found.get(0).values().contains(user)) {
            return Answer.UNKNOWN;
        }
        Entry entry = found.get(0);
        if (password.length == 0) {
            return Answer.REFUSED;
        }
        List<Entry> groups = groups(session, client, entry.dn());
        return session.bindUser(entry.dn(), password) ? accepted(user, password, groups) : Answer.REFUSED;
    }

    /**
     * Without a name of its own the node lets the user in first, and sees what the user may see. Who is not there cannot be told from
     * who has another password.
     */
    private Answer askAsUser(
            LdapSession session, Template template, ClientIdentity client, String user, byte[] password)
            throws NamingException {
        LdapName dn = new LdapName(template.of(client, LdapEscape::name));
        if (!session.bindUser(dn.toString(), password)) {
            return Answer.REFUSED;
        }
        List<Entry> found = session.entry(dn, config.nameAttribute());
        if (found.isEmpty() || found.get(0).values().isEmpty()) {
            throw new NamingException("users cannot read " + config.nameAttribute() + " of their own entries");
        }
        if (!found.get(0).values().contains(user)) {
            return Answer.UNKNOWN;
        }
        return accepted(user, password, groups(session, client, found.get(0).dn()));
    }

    private List<Entry> groups(LdapSession session, ClientIdentity client, String dn) throws NamingException {
        String base = config.groupBase();
        if (base == null) {
            return List.of();
        }
        StringBuilder filter = new StringBuilder(groupFilter.get(0).of(client, LdapEscape::filter));
        for (Template part : groupFilter.subList(1, groupFilter.size())) {
            filter.append(LdapEscape.filter(dn)).append(part.of(client, LdapEscape::filter));
        }
        List<Entry> groups = session.below(base, filter.toString(), config.groupAttribute(), GROUPS_MAX + 1);
        if (groups.size() > GROUPS_MAX) {
            throw new NamingException("a user is in more than " + GROUPS_MAX + " groups");
        }
        return groups;
    }

    private Answer accepted(String user, byte[] password, List<Entry> groups) {
        Grants.Builder grants = Grants.builder();
        for (Entry group : groups) {
            for (String name : group.values()) {
                if (config.superusers().contains(name)) {
                    grants.superuser(true);
                }
                for (AccessRule rule : config.rules().getOrDefault(name, List.of())) {
                    grants.rule(rule);
                }
            }
        }
        String proof = proofs.of(NAME, user.getBytes(StandardCharsets.UTF_8), password);
        return Answer.accepted(proof, limits.remember().toMillis(), grants.build());
    }
}
