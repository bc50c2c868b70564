/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong, or was. Immutable.
 *
 * @param number in the order in which alarms of this process were raised
 * @param id name and what it is about
 * @param sinceMillis when it was raised
 * @param clearedMillis when it was over; null while it is not
 */
record Alarm(
        long number,
        String id,
        String name,
        String of,
        Severity severity,
        int node,
        String message,
        long sinceMillis,
        @Nullable Long clearedMillis,
        Map<String, Object> details) {

    Alarm clearedAt(long millis) {
        return new Alarm(number, id, name, of, severity, node, message, sinceMillis, millis, details);
    }

    Alarm withNews(Finding finding) {
        return new Alarm(number, id, name, of, severity, node, finding.message(), sinceMillis, null, finding.details());
    }
}
