/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Match;
import io.robustmq.protocol.AccessRule.Resource;
import io.robustmq.protocol.AccessRule.Who;
import io.robustmq.protocol.ClientIdentity;
import org.jspecify.annotations.Nullable;

/** A rule with its pattern, for everybody or, where it has placeholders, for one client. Immutable. */
final class CompiledRule {
    private static final int FILTER_CHARS_MAX = 1024;

    final AccessRule rule;
    private final String canonical;
    private final SubjectPattern pattern;
    private final @Nullable AddressRange addresses;
    private final boolean personal;
    private final boolean anyTenant;

    /** Fails with INVALID_CONFIG when the rule says nothing. */
    CompiledRule(AccessRule rule) {
        this(rule, false);
    }

    private CompiledRule(AccessRule rule, boolean anyTenant) {
        this.rule = rule;
        this.anyTenant = anyTenant;
        this.canonical = Subjects.canonical(rule.filter());
        this.personal = rule.match() == Match.FILTER && SubjectPattern.hasPlaceholder(canonical);
        this.pattern = rule.match() == Match.FILTER ? SubjectPattern.of(canonical) : SubjectPattern.literal(canonical);
        this.addresses = rule.who() == Who.ADDRESS ? AddressRange.of(rule.value()) : null;
        check();
    }

    /** One that came with a log-in, and is about it wherever that belongs. */
    static CompiledRule granted(AccessRule rule) {
        return new CompiledRule(rule, true);
    }

    private CompiledRule(CompiledRule of, SubjectPattern pattern) {
        this.rule = of.rule;
        this.canonical = of.canonical;
        this.pattern = pattern;
        this.addresses = of.addresses;
        this.personal = false;
        this.anyTenant = of.anyTenant;
    }

    private void check() {
        if (rule.filter().isEmpty() || rule.filter().length() > FILTER_CHARS_MAX) {
            throw invalid("a filter has 1 to " + FILTER_CHARS_MAX + " characters");
        }
        if (rule.filter().indexOf(0) >= 0) {
            throw invalid("a filter has no NUL character");
        }
        if (pattern.isMisshapen()) {
            throw invalid("'#' and '>' stand at the end of a filter: " + rule.filter());
        }
        if (rule.match() == Match.FILTER && hasPartialWildcard()) {
            throw invalid("'+' and '#' are whole levels of a filter: " + rule.filter());
        }
        boolean named = rule.who() != Who.ALL && rule.who() != Who.ANONYMOUS;
        if (named && rule.value().isEmpty()) {
            throw invalid("the rule does not say which " + rule.who());
        }
        if (!named && !rule.value().isEmpty()) {
            throw invalid("a rule for " + rule.who() + " names nobody");
        }
        if ((rule.qosMask() & ~AccessRule.ANY_QOS) != 0 || rule.qosMask() == 0) {
            throw invalid("a quality of service is 0, 1 or 2");
        }
    }

    private boolean hasPartialWildcard() {
        for (String level : canonical.split("\\.", -1)) {
            if (level.length() > 1 && (level.indexOf('+') >= 0 || level.indexOf('#') >= 0)) {
                return true;
            }
        }
        return false;
    }

    private static RuntimeException invalid(String why) {
        return RmqError.INVALID_CONFIG.exception(why);
    }

    boolean isAbout(ClientIdentity client) {
        if (!anyTenant && !rule.tenant().equals(client.tenant())) {
            return false;
        }
        return switch (rule.who()) {
            case ALL -> true;
            case ANONYMOUS -> client.userName() == null;
            case USER -> rule.value().equals(client.userName());
            case CLIENT_ID -> rule.value().equals(client.clientId());
            case ADDRESS -> addresses != null && addresses.contains(client.remoteAddress());
        };
    }

    /** The rule as it is for the client; null when it names something that the client has not, or that would reach further. */
    @Nullable
    CompiledRule of(ClientIdentity client) {
        if (!personal) {
            return this;
        }
        String user = client.userName();
        if (canonical.contains("%u") && (user == null || user.isEmpty() || reachesFurther(user, false))) {
            return null;
        }
        if (canonical.contains("%c") && (client.clientId().isEmpty() || reachesFurther(client.clientId(), true))) {
            return null;
        }
        return new CompiledRule(this, SubjectPattern.of(canonical, client.clientId(), user == null ? "" : user));
    }

    /**
     * A client that calls itself {@code a/b} would be at home below {@code a}. Names of users are given by administrators, and
     * dots are usual in those of certificates; ids of clients are not.
     */
    private boolean reachesFurther(String name, boolean chosenByClient) {
        if (rule.effect() == AccessRule.Effect.DENY) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/' || c == '+' || c == '#' || c == '*' || c == '>' || chosenByClient && c == '.') {
                return true;
            }
        }
        return false;
    }

    boolean isAbout(Action action, Resource resource) {
        if (rule.resource() != resource) {
            return false;
        }
        return rule.action() == Action.ALL || rule.action() == action;
    }

    boolean isAbout(int qos) {
        return (rule.qosMask() & 1 << qos) != 0;
    }

    boolean isAbout(boolean retain) {
        Boolean wanted = rule.retain();
        return wanted == null || wanted == retain;
    }

    boolean matches(String canonicalSubject) {
        return rule.match() == Match.PREFIX
                ? canonicalSubject.startsWith(canonical)
                : pattern.matches(canonicalSubject);
    }

    boolean covers(SubjectPattern filter) {
        return rule.match() == Match.PREFIX ? filter.fixedBegin().startsWith(canonical) : pattern.covers(filter);
    }

    boolean overlaps(SubjectPattern filter) {
        if (rule.match() != Match.PREFIX) {
            return pattern.overlaps(filter);
        }
        String begin = filter.fixedBegin();
        boolean system = begin.isEmpty() && canonical.startsWith("$");
        return !system && (begin.startsWith(canonical) || filter.hasWildcard() && canonical.startsWith(begin));
    }
}
