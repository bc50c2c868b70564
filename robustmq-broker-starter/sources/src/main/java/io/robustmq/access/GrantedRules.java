/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access;

import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import io.robustmq.protocol.AccessRule.Match;
import io.robustmq.protocol.AccessRule.Resource;
import io.robustmq.protocol.AccessRule.Who;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rules as sources write them: {@code {"pub": ["a/#"], "sub": [...], "all": [...]}}, which allows, or a list of
 * {@code {"permission": "allow|deny", "action": "publish|subscribe|all", "topic": "a/#", "qos": [0, 1], "retain": true}}. What
 * is not understood is refused, because a rule that denies must not get lost. Stateless.
 */
public final class GrantedRules {
    private static final int RULES_MAX = 1_000;

    private GrantedRules() {}

    /** One rule; what stands for "everything" may be null. */
    public static AccessRule rule(
            @Nullable String permission,
            @Nullable String action,
            String topic,
            @Nullable Integer qosMask,
            @Nullable Boolean retain) {
        return new AccessRule(
                "",
                "granted",
                effect(permission),
                Who.ALL,
                "",
                action(action),
                Resource.SUBJECT,
                Match.FILTER,
                literal(topic),
                qosMask == null ? AccessRule.ANY_QOS : qosMask,
                retain);
    }

    /** Reads what JSON said: maps, lists and scalars. Fails with IllegalArgumentException, which names no value. */
    public static List<AccessRule> read(@Nullable Object acl) {
        List<AccessRule> rules = new ArrayList<>();
        if (acl instanceof List<?> list) {
            list.forEach(each -> readRule(each, rules::add));
        } else if (acl instanceof Map<?, ?> map) {
            map.forEach((key, filters) -> readFilters(key, filters, rules::add));
        } else if (acl != null) {
            throw wrong("it is neither a list nor an object");
        }
        if (rules.size() > RULES_MAX) {
            throw wrong("it has more than " + RULES_MAX + " rules");
        }
        return rules;
    }

    private static void readFilters(Object key, Object filters, Consumer<AccessRule> rules) {
        Action action = switch (String.valueOf(key)) {
            case "pub" -> Action.PUBLISH;
            case "sub" -> Action.SUBSCRIBE;
            case "all" -> Action.ALL;
            default -> throw wrong("it has pub, sub and all only");
        };
        if (!(filters instanceof List<?> list)) {
            throw wrong("pub, sub and all are lists");
        }
        for (Object each : list) {
            if (!(each instanceof String filter)) {
                throw wrong("a topic is a text");
            }
            rules.accept(rule("allow", action.name(), filter, null, null));
        }
    }

    private static void readRule(Object said, Consumer<AccessRule> rules) {
        if (!(said instanceof Map<?, ?> map)) {
            throw wrong("a rule is an object");
        }
        for (Object key : map.keySet()) {
            if (!List.of("permission", "action", "topic", "topics", "qos", "retain")
                    .contains(key)) {
                throw wrong("a rule has permission, action, topic, topics, qos and retain only");
            }
        }
        Object topic = map.get("topic");
        Object topics = map.get("topics");
        List<?> filters = topics instanceof List<?> list ? list : topic == null ? List.of() : List.of(topic);
        if (filters.isEmpty() || topic != null && topics != null) {
            throw wrong("a rule has a topic, or topics");
        }
        for (Object each : filters) {
            if (!(each instanceof String filter)) {
                throw wrong("a topic is a text");
            }
            rules.accept(rule(
                    text(map.get("permission")),
                    text(map.get("action")),
                    filter,
                    qosMask(map.get("qos")),
                    retain(map.get("retain"))));
        }
    }

    /** EMQX's way to say that plus and hash are characters here is not one of ours: whoever writes it means less than it says. */
    private static String literal(String topic) {
        if (topic.startsWith("eq ")) {
            throw wrong("'eq ' is not understood");
        }
        return topic.replace("${clientid}", "%c").replace("${username}", "%u");
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value != null && !(value instanceof String)) {
            throw wrong("permission and action are texts");
        }
        return (String) value;
    }

    /** Without a permission, it is one: lists of what somebody may do are usual. */
    private static Effect effect(@Nullable String permission) {
        return switch (permission == null ? "allow" : permission.toLowerCase(Locale.ROOT)) {
            case "allow" -> Effect.ALLOW;
            case "deny" -> Effect.DENY;
            default -> throw wrong("a permission is allow or deny");
        };
    }

    private static Action action(@Nullable String action) {
        return switch (action == null ? "all" : action.toLowerCase(Locale.ROOT)) {
            case "publish", "pub", "write" -> Action.PUBLISH;
            case "subscribe", "sub", "read" -> Action.SUBSCRIBE;
            case "all", "pubsub", "readwrite" -> Action.ALL;
            default -> throw wrong("an action is publish, subscribe or all");
        };
    }

    private static @Nullable Integer qosMask(@Nullable Object qos) {
        if (qos == null) {
            return null;
        }
        int mask = 0;
        for (Object each : qos instanceof List<?> list ? list : List.of(qos)) {
            if (!(each instanceof Number number)
                    || number.doubleValue() != (number.intValue() & 3)
                    || number.intValue() > 2) {
                throw wrong("a quality of service is 0, 1 or 2");
            }
            mask |= 1 << number.intValue();
        }
        return mask;
    }

    private static @Nullable Boolean retain(@Nullable Object retain) {
        if (retain == null || "all".equals(retain)) {
            return null;
        }
        if (retain instanceof Boolean said) {
            return said;
        }
        throw wrong("retain is true, false or all");
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("rules of a source: " + why);
    }
}
