/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.autoconfigure;

import io.robustmq.protocol.TopicRulePort;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A rule that gives topics other names. Immutable.
 *
 * @param action what it is applied to
 * @param source filter of the topics that it is about
 * @param regex an expression of RE2's language; a topic in which it finds nothing stays as it is
 * @param destination the other topic: $1 to $99 for the groups of the expression, %c for the client id, %u for the user name
 */
@ConfigurationProperties("robustmq.mqtt.rewrite")
public record MqttRewriteProperties(
        @DefaultValue("all") Action action,
        @Nullable String source,
        @Nullable String regex,
        @Nullable String destination) {

    /** What a rule is applied to. */
    public enum Action {
        PUBLISH,
        SUBSCRIBE,
        ALL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    TopicRulePort.Rewrite rule(String name) {
        return new TopicRulePort.Rewrite(
                name, true, TopicRulePort.Action.valueOf(action.name()), said(source), said(regex), said(destination));
    }

    private static String said(@Nullable String text) {
        return text == null ? "" : text;
    }
}
