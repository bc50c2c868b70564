/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.sys;

import io.robustmq.protocol.Ports;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The figures of a node under Mosquitto's names. Confined to the loop that looks at them. */
final class SysFigures {
    static final String ROOT = "$SYS/broker/";

    private static final Map<String, Double> AVERAGES = averages();

    private final SysSource source;
    private final String version;
    private final long startNanos;
    private final Map<String, Load> loads = new LinkedHashMap<>();
    private long lastNanos;
    private long connectedMost;
    private long heapMost;

    SysFigures(SysSource source, String version) {
        this.source = source;
        this.version = version;
        this.startNanos = source.ports().clock().nanos();
        this.lastNanos = startNanos;
    }

    private static Map<String, Double> averages() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("1min", 60.0);
        seconds.put("5min", 300.0);
        seconds.put("15min", 900.0);
        return seconds;
    }

    /** What each topic says now. */
    Map<String, String> look(Traffic traffic) {
        Ports ports = source.ports();
        SysSource.Totals totals = source.totals();
        Map<String, String> figures = new LinkedHashMap<>();
        long now = ports.clock().nanos();
        long sessions = Math.max(ports.sessions().count(), traffic.connected);
        long asleep = sessions - traffic.connected;
        connectedMost = Math.max(connectedMost, traffic.connected);
        put(figures, "version", "RobustMQ " + version);
        put(figures, "uptime", (now - startNanos) / 1_000_000_000 + " seconds");
        put(figures, "clients/total", sessions);
        put(figures, "clients/connected", traffic.connected);
        put(figures, "clients/active", traffic.connected);
        put(figures, "clients/disconnected", asleep);
        put(figures, "clients/inactive", asleep);
        put(figures, "clients/maximum", connectedMost);
        put(figures, "clients/expired", totals.sessionsExpired());
        put(figures, "messages/received", traffic.packetsReceived);
        put(figures, "messages/sent", traffic.packetsSent);
        put(figures, "publish/messages/received", totals.publishesReceived());
        put(figures, "publish/messages/sent", totals.publishesSent());
        put(figures, "publish/messages/dropped", totals.publishesDropped());
        put(figures, "publish/bytes/received", traffic.publishBytesReceived);
        put(figures, "publish/bytes/sent", traffic.publishBytesSent);
        put(figures, "bytes/received", traffic.bytesReceived);
        put(figures, "bytes/sent", traffic.bytesSent);
        put(figures, "subscriptions/count", totals.subscriptions());
        put(figures, "shared_subscriptions/count", totals.sharedSubscriptions());
        stored(figures, ports, totals);
        heap(figures);

        double seconds = (now - lastNanos) / 1e9;
        lastNanos = now;
        load(figures, "messages/received", traffic.packetsReceived, seconds);
        load(figures, "messages/sent", traffic.packetsSent, seconds);
        load(figures, "publish/received", totals.publishesReceived(), seconds);
        load(figures, "publish/sent", totals.publishesSent(), seconds);
        load(figures, "publish/dropped", totals.publishesDropped(), seconds);
        load(figures, "bytes/received", traffic.bytesReceived, seconds);
        load(figures, "bytes/sent", traffic.bytesSent, seconds);
        load(figures, "sockets", traffic.sockets, seconds);
        load(figures, "connections", totals.connects(), seconds);
        return figures;
    }

    /** What waits for sessions, and what is retained. */
    private static void stored(Map<String, String> figures, Ports ports, SysSource.Totals totals) {
        long messages = ports.retained().count() + totals.queuedMessages();
        put(figures, "retained messages/count", ports.retained().count());
        put(figures, "store/messages/count", messages);
        put(figures, "store/messages/bytes", ports.retained().bytes() + totals.queuedBytes());
        put(figures, "messages/stored", messages);
    }

    private void heap(Map<String, String> figures) {
        long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        heapMost = Math.max(heapMost, used);
        put(figures, "heap/current", used);
        put(figures, "heap/maximum", heapMost);
    }

    private void load(Map<String, String> figures, String name, long total, double seconds) {
        loads.computeIfAbsent(name, first -> new Load()).look(figures, name, total, seconds);
    }

    private static void put(Map<String, String> figures, String name, long value) {
        put(figures, name, Long.toString(value));
    }

    private static void put(Map<String, String> figures, String name, String value) {
        figures.put(ROOT + name, value);
    }

    /** How much of something there is in a minute, averaged over some time as Unix does it. Confined like the figures. */
    private static final class Load {
        private final Map<String, Double> perMinute = new LinkedHashMap<>();
        private long lastTotal;

        void look(Map<String, String> figures, String name, long total, double seconds) {
            double rate = seconds > 0 ? (total - lastTotal) * 60 / seconds : 0;
            lastTotal = total;
            AVERAGES.forEach((label, over) -> {
                double before = perMinute.getOrDefault(label, 0.0);
                double after = rate + Math.exp(-seconds / over) * (before - rate);
                perMinute.put(label, after);
                put(figures, "load/" + name + "/" + label, String.format(Locale.ROOT, "%.2f", after));
            });
        }
    }
}
