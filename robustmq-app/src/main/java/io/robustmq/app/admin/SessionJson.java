/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.StoredSubscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions as JSON. Stateless. */
final class SessionJson {
    private static final long NEVER = 0xFFFF_FFFFL;

    private SessionJson() {}

    /** @param recordsBehind records of its shards that it has not looked at, whether or not they match */
    static Map<String, Object> row(SessionImage session, long recordsBehind) {
        SessionProgress progress = session.progress();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("clientId", session.clientId());
        row.put("connected", session.disconnectedMillis() == 0);
        row.put("created", time(session.createdMillis()));
        row.put("connectedAt", time(session.connectedMillis()));
        row.put("disconnectedAt", time(session.disconnectedMillis()));
        row.put("expirySeconds", session.expirySeconds() >= NEVER ? null : session.expirySeconds());
        row.put("willAt", time(session.willAtMillis()));
        row.put("subscriptions", session.subscriptions().size());
        row.put("inFlight", progress.inFlight().size());
        row.put("recordsBehind", recordsBehind);
        Drops drops = progress.drops();
        Map<String, Object> dropped = new LinkedHashMap<>();
        dropped.put("count", drops.count());
        dropped.put("bytes", drops.bytes());
        dropped.put("age", drops.age());
        dropped.put("retention", drops.retention());
        row.put("dropped", dropped);
        return row;
    }

    static Map<String, Object> whole(SessionImage session, long recordsBehind) {
        Map<String, Object> row = row(session, recordsBehind);
        row.put("epoch", session.epoch());
        row.put(
                "subscriptions",
                session.subscriptions().stream().map(SessionJson::subscription).toList());
        row.put(
                "inFlight",
                session.progress().inFlight().stream()
                        .map(each -> Map.<String, Object>of(
                                "packetId", each.packetId(),
                                "waitsFor", each.phase().name(),
                                "shard", each.shard().toString(),
                                "offset", each.offset()))
                        .toList());
        row.put(
                "received",
                session.received().open().stream()
                        .map(ReceivedExchanges.Open::packetId)
                        .sorted()
                        .toList());
        List<Map<String, Object>> places = new ArrayList<>();
        ShardPositions positions = session.progress().positions();
        for (int i = 0; i < positions.size(); i++) {
            places.add(Map.of("shard", positions.shard(i).toString(), "offset", positions.offset(i)));
        }
        row.put("positions", places);
        return row;
    }

    static Map<String, Object> subscription(StoredSubscription subscription) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("filter", subscription.filter());
        row.put("qos", subscription.qos());
        row.put("noLocal", subscription.noLocal());
        row.put("retainAsPublished", subscription.retainAsPublished());
        row.put("retainHandling", subscription.retainHandling());
        row.put("subscriptionId", subscription.subscriptionId() == 0 ? null : subscription.subscriptionId());
        row.put("since", time(subscription.sinceMillis()));
        return row;
    }

    private static @Nullable String time(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
    }
}
