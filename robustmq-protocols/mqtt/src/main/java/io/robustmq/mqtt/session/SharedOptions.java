/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.protocol.WindowPort.Strategy;
import java.util.Map;

/**
 * How groups share their messages. Immutable.
 *
 * @param strategy of groups that are not named
 * @param strategies by the group's name
 */
public record SharedOptions(Strategy strategy, Map<String, Strategy> strategies) {
    public static final SharedOptions DEFAULTS = new SharedOptions(Strategy.ROUND_ROBIN, Map.of());

    public SharedOptions {
        strategies = Map.copyOf(strategies);
    }

    Strategy of(String group) {
        return strategies.getOrDefault(group, strategy);
    }
}
