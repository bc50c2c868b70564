/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.robustmq.mqtt.codec.MqttVersion;

/**
 * A load, worked out from the options. Immutable.
 *
 * @param name of the scenario
 * @param publishers connections that send
 * @param subscribers connections that receive
 * @param receivers how many of our subscribers get each message; 0 when the receivers are somewhere else
 * @param paired whether subscriber i listens to publisher i only
 * @param topic where a publisher sends; {@code %i} is its number
 * @param filter what a subscriber subscribes to; {@code %i} is its number
 * @param window messages of a publisher under way; 0 for no limit but the socket's
 * @param ratePerSecond of all publishers together; 0 for as fast as the window allows
 * @param lanes independent loops that share the work
 */
record Plan(
        String name,
        MqttVersion version,
        int qos,
        int size,
        int publishers,
        int subscribers,
        int receivers,
        boolean paired,
        String topic,
        String filter,
        int window,
        int ratePerSecond,
        int lanes) {

    String topic(int publisher) {
        return topic.replace("%i", Integer.toString(publisher));
    }

    String filter(int subscriber) {
        return filter.replace("%i", Integer.toString(subscriber));
    }

    /** Whether messages are sent at given moments, whatever happened to those before. */
    boolean openLoop() {
        return ratePerSecond > 0;
    }
}
