/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.robustmq.app.alarm.Finding.Verdict;
import io.robustmq.kernel.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the node counts anyway with what is normal: the same meters, and mostly the same bounds, as in the alert rules.
 * A meter that is not there is not missed. Confined to the loop of the alarms.
 */
final class MeterCheck implements AlarmCheck {
    private static final double NANOS_PER_SECOND = 1e9;

    /** A counter that grows faster than it should, per second. Immutable. */
    private record Rate(
            AlarmKind kind, String meter, @Nullable String tag, double bad, double good, String message) {}

    /** A gauge that should be 0. Immutable. */
    private record Zero(
            AlarmKind kind, String meter, @Nullable String tag, String message) {}

    /** A gauge that should stay well below another one. Immutable. */
    private record Share(AlarmKind kind, String used, String limit, double bad, double good, String message) {}

    /** By these tags something is counted that is as it should be, or somebody else's fault. */
    private static final Set<String> NORMAL = Set.of("retention", "offline", "proxy-source", "proxy-header", "silence");

    private static final List<Rate> RATES = List.of(
            new Rate(
                    AlarmKind.APPENDS_FAIL,
                    "robustmq.log.appended.failures",
                    null,
                    0,
                    0,
                    "Appends fail and publishers are answered with errors. The node's log names the shards; look at its disks with"
                            + " 'ctl shards list' and at the alarms about them."),
            new Rate(
                    AlarmKind.ENGINE_MEMORY_FULL,
                    "robustmq.engine.memory.evicted",
                    "limit",
                    0,
                    0,
                    "Topics in memory lose records before their retention says so, because all of them together have reached"
                            + " robustmq.memory.engine-limit. Raise it, shorten retention, or give large topics engine file."),
            new Rate(
                    AlarmKind.LOOPS_STALL,
                    "robustmq.loops.stalls",
                    null,
                    1,
                    0.2,
                    "Event loops are held by single tasks for too long. The node's log names the tasks; look at CPU, garbage"
                            + " collection and, with a recording of the JFR, at io.robustmq.SlowLoop."),
            new Rate(
                    AlarmKind.COORDINATOR_FAILS,
                    "robustmq.coordinator.append.failures",
                    "coordinator",
                    0,
                    0,
                    "Changes of sessions, retained or delayed messages cannot be written. The node's log says why."),
            new Rate(
                    AlarmKind.CONNECTIONS_REFUSED,
                    "robustmq.net.connections.refused",
                    "limit",
                    1,
                    0.1,
                    "Connections are refused by a limit. The limit's key is in docs/configuration.md below robustmq.net; raise it or"
                            + " find out who comes so often."),
            new Rate(
                    AlarmKind.MESSAGES_DROPPED,
                    "robustmq.mqtt.deliveries.dropped",
                    "reason",
                    10,
                    1,
                    "Messages are dropped for subscribers that cannot follow. 'ctl sessions list' shows whose queues are full."),
            new Rate(
                    AlarmKind.LOGINS_FAIL,
                    "robustmq.access.logins.failed",
                    null,
                    1,
                    0.2,
                    "Many log-ins fail. The node's log and 'ctl connections list' show from where; ban an address with 'ctl blacklist"
                            + " add --address', or give devices their new password."),
            new Rate(
                    AlarmKind.CLIENTS_FLAP,
                    "robustmq.access.flapping.bans",
                    null,
                    0,
                    0,
                    "Clients come and go too often and are banned for a while. 'ctl blacklist list' names them; mostly two of them have"
                            + " one client id, or cannot get what they want."),
            new Rate(
                    AlarmKind.SPANS_DROPPED,
                    "robustmq.tracing.spans.dropped",
                    "reason",
                    0,
                    0,
                    "Spans of traces are lost. Look whether the collector at robustmq.tracing.endpoint takes them, or lower"
                            + " robustmq.tracing.sampling."));

    private static final List<Zero> ZEROS = List.of(
            new Zero(
                    AlarmKind.DAMAGE_FOUND,
                    "robustmq.storage.scrub.damaged.shards",
                    "disk",
                    "Stored records are damaged. 'ctl shards scrub --status' names the shards; look at the disk, and restore what is lost."),
            new Zero(
                    AlarmKind.DAMAGE_KEEPS_RECORDS,
                    "robustmq.retention.damaged",
                    null,
                    "Shards with damage are not compacted and grow. 'ctl log verify' on the stopped node names the ranges."),
            new Zero(
                    AlarmKind.SOURCE_DOWN,
                    "robustmq.access.source.resting",
                    "source",
                    "A source of users keeps failing, and who is not remembered cannot log in. Look at the database, directory or service"
                            + " behind robustmq.access.sources; the node's log says what happens."),
            new Zero(
                    AlarmKind.ROCKS_DB_FAILED,
                    "robustmq.engine.rocksdb.failed",
                    null,
                    "The database of small topics writes nothing any more. Look at its disk, then restart the node."));

    private static final List<Share> SHARES = List.of(
            new Share(
                    AlarmKind.MEMORY_PRESSURE,
                    "robustmq.memory.used",
                    "robustmq.memory.limit",
                    0.9,
                    0.7,
                    "Payload in flight is near its limit, and publishers are not read until it is free again. Raise"
                            + " robustmq.memory.limit, or slow publishers down."),
            new Share(
                    AlarmKind.CONNECTIONS_NEARLY_ALL,
                    "robustmq.net.connections",
                    "robustmq.net.connections.limit",
                    0.9,
                    0.8,
                    "Nearly as many connections are open as may be. Raise robustmq.net.connections-max, or add a node."));

    /** Immutable. */
    private record Seen(double count, long nanos) {}

    private final MeterRegistry registry;
    private final Clock clock;
    /** Bounded by the meters of the rates. */
    private final Map<String, Seen> seen = new HashMap<>();

    MeterCheck(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        RATES.forEach(rule -> look(rule, findings));
        ZEROS.forEach(rule -> look(rule, findings));
        SHARES.forEach(rule -> look(rule, findings));
        return findings;
    }

    private void look(Rate rule, List<Finding> findings) {
        for (Meter meter : registry.find(rule.meter).meters()) {
            String of = of(meter, rule.tag);
            double perSecond = NORMAL.contains(of) ? 0 : perSecond(rule, of, value(meter));
            findings.add(new Finding(
                    rule.kind,
                    of,
                    Verdict.above(perSecond, rule.bad, rule.good),
                    rule.message,
                    Map.of("perSecond", perSecond, "metric", rule.meter)));
        }
    }

    private double perSecond(Rate rule, String of, double count) {
        long now = clock.nanos();
        Seen before = seen.put(rule.meter + " " + of, new Seen(count, now));
        return before == null || now <= before.nanos || count < before.count
                ? 0
                : (count - before.count) / ((now - before.nanos) / NANOS_PER_SECOND);
    }

    private void look(Zero rule, List<Finding> findings) {
        for (Meter meter : registry.find(rule.meter).meters()) {
            double value = value(meter);
            findings.add(new Finding(
                    rule.kind,
                    of(meter, rule.tag),
                    Verdict.above(value, 0, 0),
                    rule.message,
                    Map.of("value", value, "metric", rule.meter)));
        }
    }

    private void look(Share rule, List<Finding> findings) {
        Meter used = registry.find(rule.used).meters().stream().findFirst().orElse(null);
        Meter limit = registry.find(rule.limit).meters().stream().findFirst().orElse(null);
        if (used == null || limit == null || !(value(limit) > 0)) {
            return;
        }
        double share = value(used) / value(limit);
        findings.add(new Finding(
                rule.kind,
                "",
                Verdict.above(share, rule.bad, rule.good),
                rule.message,
                Map.of("used", value(used), "limit", value(limit), "metric", rule.used)));
    }

    private static String of(Meter meter, @Nullable String tag) {
        String value = tag == null ? null : meter.getId().getTag(tag);
        return value == null ? "" : value;
    }

    private static double value(Meter meter) {
        if (meter instanceof FunctionCounter counter) {
            return counter.count();
        }
        double value = meter.measure().iterator().next().getValue();
        return Double.isNaN(value) ? 0 : value;
    }

    /** The meters that are looked at, for the test that they exist. */
    static Stream<String> meters() {
        return Stream.of(
                        RATES.stream().map(Rate::meter),
                        ZEROS.stream().map(Zero::meter),
                        SHARES.stream().flatMap(rule -> Stream.of(rule.used, rule.limit)))
                .flatMap(each -> each);
    }
}
