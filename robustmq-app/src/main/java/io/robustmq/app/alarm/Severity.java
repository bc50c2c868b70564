/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import java.util.Locale;

/** How soon somebody should look; the words of the alert rules. */
enum Severity {
    /** Now: something does not work, or is lost when more happens. */
    CRITICAL,
    /** In working hours, before it becomes critical. */
    WARNING;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
