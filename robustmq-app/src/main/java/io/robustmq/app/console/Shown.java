/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers, sizes and times as people read them. Stateless. */
final class Shown {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int STEP = 1024;
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Shown() {}

    static String number(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) || value >= 100 ? "%,.0f" : "%,.1f", value);
    }

    static String size(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    /** In UTC; the page adds the local time, which only the browser knows. */
    static String time(Instant instant) {
        return UTC.format(instant);
    }

    static @Nullable Instant instant(@Nullable Object value) {
        try {
            return value instanceof String text && !text.isEmpty()
                    ? Instant.parse(text)
                    : value instanceof Number millis ? Instant.ofEpochMilli(millis.longValue()) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    static String seconds(long seconds) {
        Duration duration = Duration.ofSeconds(seconds);
        if (duration.toDays() > 0) {
            return duration.toDays() + " d" + (duration.toHoursPart() > 0 ? " " + duration.toHoursPart() + " h" : "");
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h"
                    + (duration.toMinutesPart() > 0 ? " " + duration.toMinutesPart() + " min" : "");
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min"
                        + (duration.toSecondsPart() > 0 ? " " + duration.toSecondsPart() + " s" : "")
                : seconds + " s";
    }
}
