/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.TopicPolicies.Retention;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.Codec;
import io.robustmq.storage.Durability;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one topic as they were written, and how each kind of value is read; what cannot be read fails with
 * INVALID_CONFIG. Immutable.
 */
record SettingValues(Map<String, String> byName) {
    private static final List<String> PROTOCOLS = List.of("mqtt", "kafka", "nats", "amqp", "mq9", "rocketmq");
    private static final long FLUSH_INTERVAL_MILLIS_MAX = 3_600_000;
    private static final Pattern INTERVAL = Pattern.compile("interval=([0-9]{1,9})(ms|s|m)");

    /** Fails with INVALID_CONFIG when the value is not one. */
    @FunctionalInterface
    interface Check {
        void check(String name, String value);
    }

    String text(String name, String otherwise) {
        return byName.getOrDefault(name, otherwise);
    }

    long number(String name, long otherwise) {
        String value = byName.get(name);
        return value == null ? otherwise : number(name, value);
    }

    static List<String> protocols(String value) {
        if (value.trim().equals(TopicSettings.ALL_PROTOCOLS)) {
            return PROTOCOLS;
        }
        List<String> names =
                Arrays.stream(value.split(",", -1)).map(String::trim).toList();
        if (!PROTOCOLS.containsAll(names)) {
            throw invalid(TopicSettings.PROTOCOLS + " is " + TopicSettings.ALL_PROTOCOLS + ", or some of " + PROTOCOLS
                    + " with commas between; not '" + value + "'");
        }
        return names;
    }

    static long number(String name, String value) {
        try {
            return Long.parseLong(value.trim());
        } catch (NumberFormatException e) {
            throw invalid(name + " must be a whole number, not '" + value + "'");
        }
    }

    static void limit(String name, String value) {
        long limit = number(name, value);
        if (limit < -1 || limit == 0) {
            throw invalid(name + " must be -1 (no limit) or more than 0, not " + limit);
        }
    }

    static Check from(long min) {
        return range(min, Long.MAX_VALUE);
    }

    static Check range(long min, long max) {
        return (name, value) -> {
            long number = number(name, value);
            if (number < min || number > max) {
                throw invalid(name + " must be " + min + (max == Long.MAX_VALUE ? " or more" : " to " + max) + ", not "
                        + number);
            }
        };
    }

    /** Levels of gzip are 1 to 9, and -1 for its own choice. */
    static void gzipLevel(String name, String value) {
        if (number(name, value) != -1) {
            range(1, 9).check(name, value);
        }
    }

    static double ratio(String name, String value) {
        try {
            double ratio = Double.parseDouble(value.trim());
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw invalid(name + " must be a number from 0 to 1, not '" + value + "'");
    }

    static Retention retention(String value) {
        return Arrays.stream(Retention.values())
                .filter(each -> each.key().equals(value.trim()))
                .findFirst()
                .orElseThrow(() -> invalid(TopicSettings.RETENTION_POLICY + " is "
                        + Arrays.stream(Retention.values()).map(Retention::key).collect(Collectors.joining(", "))
                        + "; not '" + value + "'"));
    }

    static List<String> cleanup(String value) {
        List<String> parts =
                Arrays.stream(value.split(",", -1)).map(String::trim).toList();
        boolean known = parts.stream().allMatch(part -> part.equals("delete") || part.equals("compact"));
        if (!known || parts.stream().distinct().count() != parts.size()) {
            throw invalid(TopicSettings.CLEANUP_POLICY + " is delete, compact, or compact,delete; not '" + value + "'");
        }
        return parts.stream().sorted(Comparator.naturalOrder()).toList();
    }

    /** Whether records have the time of their append. */
    static boolean appendTime(String value) {
        return switch (value.trim()) {
            case "CreateTime" -> false;
            case "LogAppendTime" -> true;
            default ->
                throw invalid(TopicSettings.TIMESTAMP_TYPE + " is CreateTime or LogAppendTime, not '" + value + "'");
        };
    }

    /** Null keeps batches as their producers have packed them. */
    static @Nullable Codec codec(String value) {
        String wanted = value.trim();
        if (wanted.equals(TopicSettings.AS_PRODUCED)) {
            return null;
        }
        return Arrays.stream(Codec.values())
                .filter(codec -> codec.key().equals(wanted))
                .findFirst()
                .orElseThrow(() -> invalid(TopicSettings.COMPRESSION + " is " + TopicSettings.AS_PRODUCED + ", "
                        + Arrays.stream(Codec.values()).map(Codec::key).collect(Collectors.joining(", ")) + "; not '"
                        + value + "'"));
    }

    static TopicSettings.Promise promise(String value) {
        String trimmed = value.trim();
        if (trimmed.equals("fsync")) {
            return new TopicSettings.Promise(Durability.FSYNC, -1);
        }
        if (trimmed.equals("os")) {
            return new TopicSettings.Promise(Durability.OS_BUFFER, -1);
        }
        Matcher interval = INTERVAL.matcher(trimmed);
        if (interval.matches()) {
            long unit = interval.group(2).equals("ms") ? 1 : interval.group(2).equals("s") ? 1000 : 60_000;
            long millis = Long.parseLong(interval.group(1)) * unit;
            if (millis >= 1 && millis <= FLUSH_INTERVAL_MILLIS_MAX) {
                return new TopicSettings.Promise(Durability.OS_BUFFER, millis);
            }
        }
        throw invalid(TopicSettings.DURABILITY
                + " is fsync (acknowledged means forced to the disk), interval= and a time of 1ms to 60m"
                + " such as interval=50ms (forced so often), or os (the operating system decides); not '" + value
                + "'");
    }

    static RmqException invalid(String message) {
        return RmqError.INVALID_CONFIG.exception(message);
    }
}
