/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.rules;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.TopicRulePort.AutoSubscription;
import org.jspecify.annotations.Nullable;

/** One subscription for clients that connect, ready to be made. Immutable. */
public final class AutoSubscribeRule {
    private static final int TEXT_CHARS_MAX = 4096;
    private static final RuleClient SAMPLE = new RuleClient("c", "u", "127.0.0.1", 1);

    private final AutoSubscription rule;
    private final Template filter;

    /** Fails with INVALID_CONFIG. */
    AutoSubscribeRule(AutoSubscription rule) {
        this.rule = rule;
        if (rule.qos() < 0 || rule.qos() > 2 || rule.retainHandling() < 0 || rule.retainHandling() > 2) {
            throw RmqError.INVALID_CONFIG.exception("qos and retain handling are 0, 1 or 2");
        }
        if (rule.filter().length() > TEXT_CHARS_MAX) {
            throw RmqError.INVALID_CONFIG.exception("a filter of a rule has at most " + TEXT_CHARS_MAX + " characters");
        }
        this.filter = Template.of(rule.filter(), 0);
        String sample = filter.fill(SAMPLE, null);
        if (sample == null || !Subjects.isLegalFilter(Spelling.SLASH, sample)) {
            throw RmqError.INVALID_CONFIG.exception("'" + rule.filter() + "' is no topic filter");
        }
    }

    AutoSubscription rule() {
        return rule;
    }

    /** What the client asks for by connecting; null when the rule is about something that the client does not have. */
    public @Nullable SubscriptionRequest requestOf(RuleClient client, MqttVersion version) {
        String filled = filter.fill(client, null);
        if (filled == null || !Subjects.isLegalFilter(Spelling.SLASH, filled)) {
            return null;
        }
        // Older clients do not know the options, and RETAIN would mean something else to them.
        boolean knowsOptions = version == MqttVersion.V5;
        return new SubscriptionRequest(
                filled,
                rule.qos(),
                knowsOptions && rule.noLocal(),
                knowsOptions && rule.retainAsPublished(),
                knowsOptions ? rule.retainHandling() : 0);
    }
}
