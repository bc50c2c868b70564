/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run has shown. A message is one delivery, or, where nobody of ours receives, one publish. Immutable but for the
 * histogram, which nobody changes any more.
 *
 * @param serverCpuNanos of the server during the measurement, -1 when it was not watched
 */
record Report(
        Plan plan,
        long nanos,
        Lane.Counts counts,
        Histogram latency,
        long serverCpuNanos,
        long ownCpuNanos,
        Faults faults) {

    Report withFaults(Faults found) {
        return new Report(plan, nanos, counts, latency, serverCpuNanos, ownCpuNanos, found);
    }

    private boolean publishOnly() {
        return plan.subscribers() == 0;
    }

    private long messages() {
        return publishOnly() ? counts.sent() : counts.received();
    }

    private double bytes() {
        return publishOnly() ? (double) counts.sent() * plan.size() : counts.receivedBytes();
    }

    Map<String, Object> values() {
        double seconds = nanos / 1e9;
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("scenario", plan.name());
        values.put("qos", plan.qos());
        values.put("size", plan.size());
        values.put("publishers", plan.publishers());
        values.put("subscribers", plan.subscribers());
        values.put("seconds", rounded(seconds));
        values.put("sent", counts.sent());
        values.put("received", counts.received());
        values.put("messagesPerSecond", rounded(messages() / seconds));
        values.put("megabytesPerSecond", rounded(bytes() / 1e6 / seconds));
        if (latency.getTotalCount() > 0) {
            values.put("p50Millis", millis(50));
            values.put("p99Millis", millis(99));
            values.put("p999Millis", millis(99.9));
            values.put("maxMillis", millis(100));
        }
        values.put("lost", faults.lost());
        values.put("duplicated", faults.duplicated());
        values.put("reordered", faults.reordered());
        values.put("stalls", counts.stalls());
        if (counts.foreign() > 0) {
            values.put("foreign", counts.foreign());
        }
        if (serverCpuNanos >= 0) {
            values.put("serverCpuMicrosPerMessage", rounded(serverCpuNanos / 1e3 / Math.max(1, messages())));
            values.put("serverBusy", rounded(serverCpuNanos / (double) nanos));
        }
        values.put("generatorBusy", rounded(ownCpuNanos / (double) nanos));
        return values;
    }

    void print(PrintWriter out, boolean json) {
        print(out, json, values());
    }

    static void print(PrintWriter out, boolean json, Map<String, Object> values) {
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(values));
        } else {
            values.forEach((name, value) -> out.printf(Locale.ROOT, "%-26s %s%n", name, value));
        }
        out.flush();
    }

    /** Four significant digits. */
    static double rounded(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return 0;
        }
        double scale = Math.pow(10, 3 - Math.floor(Math.log10(Math.abs(value))));
        return Math.round(value * scale) / scale;
    }

    private double millis(double percentile) {
        return rounded(latency.getValueAtPercentile(percentile) / 1e6);
    }
}
