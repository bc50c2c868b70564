/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

/** What to do with a QoS 2 publish that arrives. */
public enum Qos2Receipt {
    FIRST,
    /** Not to be published again ([MQTT-4.3.3-10]). */
    REPEATED,
    /** Sent again to a process that does not know it: only the log can tell whether an earlier one has kept it. */
    PERHAPS_REPEATED
}
