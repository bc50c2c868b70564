/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.Subscribe;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.codec.Unsubscribe;
import io.robustmq.mqtt.rules.AutoSubscribeRule;
import io.robustmq.mqtt.rules.MqttRules;
import io.robustmq.mqtt.rules.RewriteRules;
import io.robustmq.mqtt.rules.RuleClient;
import io.robustmq.mqtt.session.MqttSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What rules make of a client's subscriptions. Confined to the connection's loop. */
final class SubscribeTopics {
    /** In place of a filter that a rule made nothing legal of: refused like every illegal one. */
    static final String ILLEGAL = "";
    /** Of a subscription that no packet asked for, and no packet answers. */
    static final int NO_PACKET = 0;

    private final MqttRules rules;
    private final RuleClient client;

    SubscribeTopics(MqttRules rules, RuleClient client) {
        this.rules = rules;
        this.client = client;
    }

    /** The same packet with the filters that the rules want. */
    Subscribe rewritten(Subscribe asked) {
        RewriteRules rewrites = rules.subscribing();
        if (rewrites == null) {
            return asked;
        }
        List<SubscriptionRequest> requests = asked.requests().stream()
                .map(request -> new SubscriptionRequest(
                        rewritten(rewrites, request.filter()),
                        request.qos(),
                        request.noLocal(),
                        request.retainAsPublished(),
                        request.retainHandling()))
                .toList();
        return new Subscribe(asked.packetId(), requests, asked.subscriptionIdentifier(), asked.properties());
    }

    Unsubscribe rewritten(Unsubscribe asked) {
        RewriteRules rewrites = rules.subscribing();
        return rewrites == null
                ? asked
                : new Unsubscribe(
                        asked.packetId(),
                        asked.filters().stream()
                                .map(filter -> rewritten(rewrites, filter))
                                .toList(),
                        asked.properties());
    }

    private String rewritten(RewriteRules rewrites, String filter) {
        String other = rewrites.applyToFilter(filter, client);
        if (filter.equals(other)) {
            return filter;
        }
        if (other == null || !Subjects.isLegalFilter(Spelling.SLASH, other)) {
            rules.refused.increment();
            return ILLEGAL;
        }
        rules.rewritten.increment();
        return other;
    }

    /** What the rules subscribe for the client that the session does not have; null for nothing. */
    @Nullable
    Subscribe byRules(MqttSession session, MqttVersion version) {
        List<AutoSubscribeRule> all = rules.subscriptions();
        if (all.isEmpty()) {
            return null;
        }
        List<SubscriptionRequest> requests = new ArrayList<>();
        for (AutoSubscribeRule rule : all) {
            SubscriptionRequest request = rule.requestOf(client, version);
            if (request != null && !session.isSubscribed(request.filter())) {
                requests.add(request);
            }
        }
        rules.subscribed.add(requests.size());
        return requests.isEmpty() ? null : new Subscribe(NO_PACKET, requests, MqttProperties.NONE);
    }
}
