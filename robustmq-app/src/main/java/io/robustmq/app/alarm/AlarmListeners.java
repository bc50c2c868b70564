/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.mqtt.session.MqttServices;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Who is told when an alarm is raised or cleared. Stateless. */
final class AlarmListeners {
    private static final Logger LOG = LoggerFactory.getLogger("io.robustmq.alarm");

    private AlarmListeners() {}

    static AlarmBook.Listener log() {
        return alarm -> {
            if (alarm.clearedMillis() != null) {
                LOG.info("Alarm cleared: {}", alarm.id());
            } else if (alarm.severity() == Severity.CRITICAL) {
                LOG.error("Alarm raised: {}. {}", alarm.id(), alarm.message());
            } else {
                LOG.warn("Alarm raised: {}. {}", alarm.id(), alarm.message());
            }
        };
    }

    /** Those who have subscribed to {@code $SYS/brokers/NODE/alarms/activate} and {@code deactivate}, EMQX's names. */
    static AlarmBook.Listener mqtt(Supplier<@Nullable MqttPlugin> mqtt, JsonMapper json) {
        return alarm -> {
            MqttPlugin plugin = mqtt.get();
            MqttServices services = plugin == null ? null : plugin.services();
            if (services != null) {
                services.sys()
                        .tell(
                                "alarms/" + (alarm.clearedMillis() == null ? "activate" : "deactivate"),
                                json.writeValueAsBytes(message(alarm)));
            }
        };
    }

    private static Map<String, Object> message(Alarm alarm) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("name", alarm.id());
        message.put("node", alarm.node());
        message.put("severity", alarm.severity().key());
        message.put("message", alarm.message());
        message.put("details", alarm.details());
        message.put("activate_at", alarm.sinceMillis());
        if (alarm.clearedMillis() != null) {
            message.put("deactivate_at", alarm.clearedMillis());
        }
        return message;
    }
}
