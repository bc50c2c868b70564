/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.Locale;

/** What of a protocol's publishes is kept in the log when no topic binds their subject; {@code robustmq.capture.<protocol>}. */
public enum Capture {
    /** Everything. */
    ALL,
    /** What the publisher wants acknowledged: QoS 1 and up. */
    ACKNOWLEDGED,
    /** Nothing: live delivery only. */
    BOUND;

    /** Parses the configuration value. */
    public static Capture parse(String text) {
        return valueOf(text.trim().toUpperCase(Locale.ROOT));
    }

    /** Whether a publish with this quality of service goes into the catch-all. */
    public boolean captures(int qos) {
        return this == ALL || this == ACKNOWLEDGED && qos > 0;
    }
}
