/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;

/** Ours in the names of Kafka's configuration. Stateless. */
final class GroupSettings {
    /** The state of a classic group, with what all members say and get, is one record. */
    static final int BATCH_BYTES_MAX = 8 << 20;

    static final long REFRESH_MILLIS = 20;
    private static final int THREADS = 2;
    private static final int BACKGROUND_THREADS = 1;

    private GroupSettings() {}

    static Map<String, Object> of(GroupOptions options, int partitions) {
        Map<String, Object> values = new HashMap<>();
        values.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG, THREADS);
        values.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_BACKGROUND_THREADS_CONFIG, BACKGROUND_THREADS);
        values.put(GroupCoordinatorConfig.OFFSETS_TOPIC_PARTITIONS_CONFIG, partitions);
        values.put(GroupCoordinatorConfig.GROUP_COORDINATOR_REBALANCE_PROTOCOLS_CONFIG, "classic,consumer");
        values.put(GroupCoordinatorConfig.GROUP_MAX_SIZE_CONFIG, options.membersMax());
        values.put(GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SIZE_CONFIG, options.membersMax());
        values.put(GroupCoordinatorConfig.GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG, (int)
                options.initialRebalanceDelay().toMillis());
        values.put(GroupCoordinatorConfig.OFFSETS_RETENTION_MINUTES_CONFIG, (int)
                Math.max(1, options.offsetsRetention().toMinutes()));
        int shortest = (int) options.sessionTimeoutMin().toMillis();
        int longest = (int) options.sessionTimeoutMax().toMillis();
        values.put(GroupCoordinatorConfig.GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, shortest);
        values.put(GroupCoordinatorConfig.GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG, longest);
        int session = (int) options.sessionTimeout().toMillis();
        int heartbeat = (int) options.heartbeatInterval().toMillis();
        values.put(GroupCoordinatorConfig.CONSUMER_GROUP_SESSION_TIMEOUT_MS_CONFIG, session);
        values.put(GroupCoordinatorConfig.CONSUMER_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, session);
        values.put(GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG, session);
        values.put(GroupCoordinatorConfig.CONSUMER_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
        values.put(GroupCoordinatorConfig.CONSUMER_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
        values.put(GroupCoordinatorConfig.CONSUMER_GROUP_MAX_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
        return values;
    }
}
