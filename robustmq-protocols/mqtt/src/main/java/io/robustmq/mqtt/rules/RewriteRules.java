/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.rules;

import io.robustmq.protocol.TopicRulePort.Action;
import io.robustmq.protocol.TopicRulePort.Rewrite;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules for publishes or for subscriptions, the last one first, as EMQX has them: the first whose source matches decides, even
 * when its expression finds nothing. Immutable.
 */
public final class RewriteRules {
    private static final List<String> PREFIXES = List.of("$queue/", "$exclusive/");
    private static final String SHARE = "$share/";

    private final List<RewriteRule> rules;

    private RewriteRules(List<RewriteRule> rules) {
        this.rules = rules;
    }

    /** Null when there is no rule. */
    static @Nullable RewriteRules of(List<RewriteRule> all, Action action) {
        List<RewriteRule> mine = new ArrayList<>();
        for (RewriteRule each : all) {
            Rewrite rule = each.rule();
            if (rule.action() == Action.ALL || rule.action() == action) {
                mine.add(0, each);
            }
        }
        return mine.isEmpty() ? null : new RewriteRules(List.copyOf(mine));
    }

    /** The topic as the rules want it, often the same; null when they make none of it. */
    public @Nullable String apply(String topic, RuleClient client) {
        for (RewriteRule rule : rules) {
            if (rule.isAbout(topic)) {
                return rule.apply(topic, client);
            }
        }
        return topic;
    }

    /** The same for a filter, of which only what comes behind the group of a shared subscription is rewritten. */
    public @Nullable String applyToFilter(String filter, RuleClient client) {
        int start = 0;
        if (filter.startsWith(SHARE)) {
            start = filter.indexOf('/', SHARE.length()) + 1;
        } else {
            for (String prefix : PREFIXES) {
                start = filter.startsWith(prefix) ? prefix.length() : start;
            }
        }
        if (start == 0) {
            return apply(filter, client);
        }
        String rewritten = apply(filter.substring(start), client);
        return rewritten == null ? null : filter.substring(0, start) + rewritten;
    }
}
