/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import io.robustmq.access.GrantedRules;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes rules of the texts in rows and fields. One that cannot be read fails the log-in: leaving it out could leave out what denies.
 * Confined to one log-in.
 */
public final class RuleReader {
    public static final int RULES_MAX = 1_000;

    private final String source;
    private final List<AccessRule> rules = new ArrayList<>();

    /** @param source is part of the rules' names */
    public RuleReader(String source) {
        this.source = source;
    }

    public List<AccessRule> rules() {
        return List.copyOf(rules);
    }

    /**
     * @param permission null for allow
     * @param resource null for a subject
     * @param qos null for all, else one or several, separated by commas
     * @param retain null for both
     */
    public void add(
            @Nullable String permission,
            String action,
            @Nullable String resource,
            String filter,
            @Nullable String qos,
            @Nullable String retain) {
        if (rules.size() == RULES_MAX) {
            throw new IllegalArgumentException("a user has more than " + RULES_MAX + " rules");
        }
        AccessRule rule = GrantedRules.rule(
                permission == null ? null : word(permission), word(action), filter, qosMask(qos), retain(retain));
        rules.add(new AccessRule(
                rule.tenant(),
                source + "-" + (rules.size() + 1),
                rule.effect(),
                rule.who(),
                rule.value(),
                rule.action(),
                resource(resource),
                rule.match(),
                rule.filter(),
                rule.qosMask(),
                rule.retain()));
    }

    /** {@code allow|deny ACTION FILTER}, as on the command line. */
    public void add(String text) {
        String[] words = text.strip().split("\\s+", 3);
        if (words.length != 3) {
            throw new IllegalArgumentException("a rule is allow or deny, an action and a topic, not " + text);
        }
        add(words[0], words[1], null, words[2], null, null);
    }

    private static String word(@Nullable String text) {
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }

    private static Resource resource(@Nullable String text) {
        return switch (word(text)) {
            case "", "subject", "topic" -> Resource.SUBJECT;
            case "group" -> Resource.GROUP;
            case "cluster" -> Resource.CLUSTER;
            case "transactional-id" -> Resource.TRANSACTIONAL_ID;
            default ->
                throw new IllegalArgumentException(
                        "a resource is subject, group, cluster or transactional-id, not " + text);
        };
    }

    private static @Nullable Integer qosMask(@Nullable String text) {
        String word = word(text);
        if (word.isEmpty()) {
            return null;
        }
        int mask = 0;
        for (String each : word.split(",")) {
            mask |= switch (each.strip()) {
                case "0" -> 1;
                case "1" -> 2;
                case "2" -> 4;
                default -> throw new IllegalArgumentException("a quality of service is 0, 1 or 2, not " + text);
            };
        }
        return mask;
    }

    private static @Nullable Boolean retain(@Nullable String text) {
        return switch (word(text)) {
            case "", "all" -> null;
            default -> truth("retain", text);
        };
    }

    /** Yes or no as databases write it. */
    public static boolean truth(String what, @Nullable String text) {
        return switch (word(text)) {
            case "1", "true", "t", "yes", "y" -> true;
            case "", "0", "false", "f", "no", "n" -> false;
            default -> throw new IllegalArgumentException(what + " is true or false, not " + text);
        };
    }
}
