/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.autoconfigure;

import io.robustmq.protocol.TopicRulePort;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A subscription that clients get when they connect. Immutable.
 *
 * @param filter topic filter: %c for the client id, %u for the user name, %h and %p for its address and port; a client that lacks one of them does not get it
 * @param qos largest quality of service of what is delivered: 0, 1 or 2
 * @param noLocal whether the client does not get what it publishes itself (MQTT 5)
 * @param retainAsPublished whether RETAIN is delivered as it was published (MQTT 5)
 * @param retainHandling which retained messages come first (MQTT 5): 0 and 1 those that match when the session gets the subscription, 2 none
 */
@ConfigurationProperties("robustmq.mqtt.auto-subscribe")
public record MqttAutoSubscribeProperties(
        @Nullable String filter,
        @DefaultValue("0") int qos,
        @DefaultValue("false") boolean noLocal,
        @DefaultValue("false") boolean retainAsPublished,
        @DefaultValue("0") int retainHandling) {

    TopicRulePort.AutoSubscription rule(String name) {
        return new TopicRulePort.AutoSubscription(
                name, true, filter == null ? "" : filter, qos, noLocal, retainAsPublished, retainHandling);
    }
}
