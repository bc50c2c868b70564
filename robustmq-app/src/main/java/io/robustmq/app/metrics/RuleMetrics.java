/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.mqtt.rules.MqttRules;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What rules about MQTT topics have done. Thread-safe: immutable. */
final class RuleMetrics implements MeterBinder {
    private final Supplier<@Nullable MqttPlugin> mqtt;

    RuleMetrics(Supplier<@Nullable MqttPlugin> mqtt) {
        this.mqtt = mqtt;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        MqttPlugin plugin = mqtt.get();
        if (plugin == null) {
            return;
        }
        MqttRules rules = plugin.rules();
        gauge(
                registry,
                rules,
                "rewrite.rules",
                "Rules that give topics other names",
                r -> r.rewrites().size());
        gauge(
                registry,
                rules,
                "autosubscribe.rules",
                "Subscriptions that clients get",
                r -> r.subscriptions().size());
        counter(registry, rules, "rewrite.topics", "Topics that were rewritten", r -> r.rewritten.sum());
        counter(registry, rules, "rewrite.refused", "Topics that a rule made nothing legal of", r -> r.refused.sum());
        counter(
                registry,
                rules,
                "autosubscribe.subscriptions",
                "Subscriptions made for clients",
                r -> r.subscribed.sum());
    }

    private static void gauge(
            MeterRegistry registry, MqttRules rules, String name, String text, ToDoubleFunction<MqttRules> value) {
        Gauge.builder("robustmq.mqtt." + name, rules, value).description(text).register(registry);
    }

    private static void counter(
            MeterRegistry registry, MqttRules rules, String name, String text, ToDoubleFunction<MqttRules> value) {
        FunctionCounter.builder("robustmq.mqtt." + name, rules, value)
                .description(text)
                .register(registry);
    }
}
