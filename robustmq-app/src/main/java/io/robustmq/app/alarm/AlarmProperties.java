/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.node.config.RobustMqProperties;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this node says is wrong with it. Immutable.
 *
 * @param interval how often it looks; 0 for never
 * @param historyMax alarms that are over and still shown
 * @param certificateExpiry so long before a certificate expires somebody is told
 */
@ConfigurationProperties(AlarmProperties.PREFIX)
public record AlarmProperties(
        @DefaultValue("10s") Duration interval,
        @DefaultValue("1000") int historyMax,
        @DefaultValue("30d") Duration certificateExpiry) {
    static final String PREFIX = "robustmq.alarms";

    public AlarmProperties {
        if (interval.isNegative() || !interval.isZero() && interval.toMillis() < 100) {
            throw RobustMqProperties.refused(
                    PREFIX + ".interval", interval.toString(), "give it 100ms or more, or 0 for never");
        }
        if (historyMax < 0 || historyMax > 100_000) {
            throw RobustMqProperties.refused(
                    PREFIX + ".history-max", Integer.toString(historyMax), "give it 0 or more, at most 100000");
        }
        if (certificateExpiry.isNegative()) {
            throw RobustMqProperties.refused(
                    PREFIX + ".certificate-expiry", certificateExpiry.toString(), "give it 0 or more");
        }
    }
}
