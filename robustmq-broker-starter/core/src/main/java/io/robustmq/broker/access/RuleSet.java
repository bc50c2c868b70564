/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import io.robustmq.protocol.AccessRule.Resource;
import io.robustmq.protocol.AclPort.Decision;
import io.robustmq.protocol.AclPort.Question;
import io.robustmq.protocol.ClientIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All rules at one time, by whom they are about. Immutable. */
final class RuleSet {
    static final RuleSet EMPTY = new RuleSet(List.of());

    private final Map<String, List<CompiledRule>> byUser = new HashMap<>();
    private final Map<String, List<CompiledRule>> byClientId = new HashMap<>();
    private final List<CompiledRule> others = new ArrayList<>();
    private final int size;

    RuleSet(Collection<CompiledRule> rules) {
        size = rules.size();
        for (CompiledRule each : rules) {
            AccessRule rule = each.rule;
            switch (rule.who()) {
                case USER ->
                    byUser.computeIfAbsent(rule.value(), value -> new ArrayList<>())
                            .add(each);
                case CLIENT_ID ->
                    byClientId
                            .computeIfAbsent(rule.value(), value -> new ArrayList<>())
                            .add(each);
                case ALL, ANONYMOUS, ADDRESS -> others.add(each);
            }
        }
    }

    int size() {
        return size;
    }

    /** What is about the client, with its names in their places. */
    View of(ClientIdentity client, boolean superuser, boolean unmatchedAllowed) {
        List<CompiledRule> deny = new ArrayList<>();
        List<CompiledRule> allow = new ArrayList<>();
        if (!superuser) {
            String user = client.userName();
            sort(user == null ? List.of() : byUser.getOrDefault(user, List.of()), client, deny, allow);
            sort(byClientId.getOrDefault(client.clientId(), List.of()), client, deny, allow);
            sort(others, client, deny, allow);
            List<AccessRule> granted = client.grants().rules();
            if (!granted.isEmpty()) {
                sort(granted.stream().map(CompiledRule::granted).toList(), client, deny, allow);
            }
        }
        return new View(
                deny.toArray(new CompiledRule[0]), allow.toArray(new CompiledRule[0]), superuser, unmatchedAllowed);
    }

    private static void sort(
            List<CompiledRule> rules, ClientIdentity client, List<CompiledRule> deny, List<CompiledRule> allow) {
        for (CompiledRule each : rules) {
            CompiledRule own = each.isAbout(client) ? each.of(client) : null;
            if (own != null) {
                (own.rule.effect() == Effect.DENY ? deny : allow).add(own);
            }
        }
    }

    /** The rules about one client. Immutable. */
    static final class View {
        private final CompiledRule[] deny;
        private final CompiledRule[] allow;
        private final boolean superuser;
        private final boolean unmatchedAllowed;

        private View(CompiledRule[] deny, CompiledRule[] allow, boolean superuser, boolean unmatchedAllowed) {
            this.deny = deny;
            this.allow = allow;
            this.superuser = superuser;
            this.unmatchedAllowed = unmatchedAllowed;
        }

        boolean mayPublish(String subject, int qos, boolean retain) {
            if (superuser) {
                return true;
            }
            for (CompiledRule each : deny) {
                if (publishes(each, subject, qos, retain)) {
                    return false;
                }
            }
            for (CompiledRule each : allow) {
                if (publishes(each, subject, qos, retain)) {
                    return true;
                }
            }
            return unmatchedAllowed;
        }

        private static boolean publishes(CompiledRule each, String subject, int qos, boolean retain) {
            return each.isAbout(Action.PUBLISH, Resource.SUBJECT)
                    && each.isAbout(qos)
                    && each.isAbout(retain)
                    && each.matches(subject);
        }

        /** Nothing that the filter matches may be denied, and one rule must allow all of it. */
        boolean maySubscribe(String canonicalFilter, int qos) {
            if (superuser) {
                return true;
            }
            SubjectPattern filter = SubjectPattern.of(canonicalFilter);
            for (CompiledRule each : deny) {
                if (each.isAbout(Action.SUBSCRIBE, Resource.SUBJECT) && each.isAbout(qos) && each.overlaps(filter)) {
                    return false;
                }
            }
            for (CompiledRule each : allow) {
                if (each.isAbout(Action.SUBSCRIBE, Resource.SUBJECT) && each.isAbout(qos) && each.covers(filter)) {
                    return true;
                }
            }
            return unmatchedAllowed;
        }

        /** For everything else than publishes and subscriptions, which have conditions of their own. */
        boolean may(Action action, Resource resource, String name) {
            return decide(new Question(action, resource, Subjects.canonical(name), 0, false))
                    .allowed();
        }

        Decision decide(Question question) {
            if (superuser) {
                return new Decision(true, null, "a superuser may do everything");
            }
            String name = Subjects.canonical(question.name());
            boolean filtering = question.action() == Action.SUBSCRIBE && question.resource() == Resource.SUBJECT;
            SubjectPattern filter = filtering ? SubjectPattern.of(name) : SubjectPattern.literal(name);
            for (CompiledRule each : deny) {
                if (isAbout(each, question) && (filtering ? each.overlaps(filter) : each.matches(name))) {
                    return new Decision(false, each.rule.name(), "denied by rule " + each.rule.name());
                }
            }
            for (CompiledRule each : allow) {
                boolean says = isAbout(each, question) || implies(each, question);
                if (says && (filtering ? each.covers(filter) : each.matches(name))) {
                    return new Decision(true, each.rule.name(), "allowed by rule " + each.rule.name());
                }
            }
            return new Decision(
                    unmatchedAllowed,
                    null,
                    unmatchedAllowed ? "no rule is about it, and that allows it" : "no rule allows it");
        }

        private static boolean isAbout(CompiledRule each, Question question) {
            boolean publishing = question.action() == Action.PUBLISH;
            return each.isAbout(question.action(), question.resource())
                    && each.isAbout(question.qos())
                    && (!publishing || each.isAbout(question.retain()));
        }

        /** Whoever may do something with a thing may see it, as in Kafka. */
        private static boolean implies(CompiledRule each, Question question) {
            Action said = each.rule.action();
            if (each.rule.resource() != question.resource()) {
                return false;
            }
            return switch (question.action()) {
                case DESCRIBE ->
                    said == Action.PUBLISH || said == Action.SUBSCRIBE || said == Action.DELETE || said == Action.ALTER;
                case DESCRIBE_CONFIGS -> said == Action.ALTER_CONFIGS;
                default -> false;
            };
        }
    }
}
