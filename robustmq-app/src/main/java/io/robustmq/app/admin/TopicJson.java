/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.TopicPort.Header;
import io.robustmq.protocol.TopicPort.ShardDescription;
import io.robustmq.protocol.TopicPort.StoredRecord;
import io.robustmq.protocol.TopicPort.TopicDescription;
import io.robustmq.storage.EngineDisk;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Topics and records as the admin API shows them; the order of fields is part of it. Stateless. */
final class TopicJson {
    private TopicJson() {}

    static Map<String, Object> of(TopicDescription topic) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tenant", topic.tenant());
        json.put("name", topic.name());
        json.put("id", topic.id());
        json.put("partitions", topic.partitions());
        json.put("bindings", topic.bindings());
        json.put("engine", topic.engine());
        json.put("durability", topic.durability());
        json.put("volatile", topic.isVolatile());
        json.put("internal", topic.internal());
        json.put("config", topic.config());
        json.put("created", Instant.ofEpochMilli(topic.createdMillis()).toString());
        json.put("shards", topic.shards().stream().map(TopicJson::of).toList());
        return json;
    }

    private static Map<String, Object> of(ShardDescription shard) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("partition", shard.partition());
        json.put("owner", shard.owner());
        json.put("epoch", shard.epoch());
        json.put("startOffset", shard.startOffset());
        json.put("highWatermark", shard.highWatermark());
        json.put("endOffset", shard.endOffset());
        json.put("bytes", shard.bytes());
        json.put("segments", shard.segments());
        json.put("disk", shard.disk());
        putState(json, shard);
        return json;
    }

    /**
     * A shard by itself, as {@code /actuator/shards} lists it.
     *
     * @param disk how its disk is; null for none, or for one of another node
     */
    static Map<String, Object> of(TopicDescription topic, ShardDescription shard, @Nullable EngineDisk disk) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("shard", topic.name() + "-" + shard.partition());
        json.put("tenant", topic.tenant());
        json.put("topic", topic.name());
        json.put("topicId", topic.id());
        json.put("engine", topic.engine());
        json.put("durability", topic.durability());
        json.put("volatile", topic.isVolatile());
        json.putAll(of(shard));
        if (disk != null) {
            json.put("diskState", disk.state().name());
            if (!disk.takesWrites()) {
                json.put("diskReason", disk.reason());
            }
        }
        return json;
    }

    private static void putState(Map<String, Object> json, ShardDescription shard) {
        String problem = shard.problem();
        json.put("state", problem == null ? "open" : "unavailable");
        if (problem != null) {
            json.put("problem", problem);
        }
    }

    static Map<String, Object> of(StoredRecord stored) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("partition", stored.partition());
        json.put("offset", stored.offset());
        json.put("timestamp", stored.timestampMillis());
        json.put("subject", stored.subject());
        Bytes.put(json, "key", stored.key());
        List<Map<String, Object>> headers =
                stored.headers().stream().map(TopicJson::of).toList();
        json.put("headers", headers);
        Bytes.put(json, "value", stored.value());
        return json;
    }

    private static Map<String, Object> of(Header header) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", header.key());
        Bytes.put(json, "value", header.value());
        return json;
    }
}
