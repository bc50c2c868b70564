/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/**
 * Answers as JSON in which only that differs which should not: ids of topics, ports, times of the server and the epochs that
 * it has written into batches are replaced. Immutable.
 */
final class Plain {
    private static final long NOW_WITHIN_MILLIS = 600_000;
    private static final int BATCH_OVERHEAD = 12;
    private static final int EPOCH_AT = 12;
    private static final int CRC_AT = 17;
    private static final int LARGEST_TIME_AT = 35;
    private static final Set<String> ERRORS = Set.of("errorCode", "topLevelErrorCode");
    private static final Set<String> MESSAGES = Set.of("errorMessage");
    private static final Set<String> EPOCHS = Set.of("leaderEpoch", "epoch");
    private static final Set<String> IDS = Set.of("topicId", "id");

    /** What is not seen in a topic's being there. */
    private static final Set<ApiKeys> SPREAD =
            Set.of(ApiKeys.ALTER_CONFIGS, ApiKeys.INCREMENTAL_ALTER_CONFIGS, ApiKeys.CREATE_PARTITIONS);

    private final Known known;
    private final AtomicInteger settled = new AtomicInteger();

    Plain(Known known) {
        this.known = known;
    }

    JsonNode call(Wire wire, Step step, String prefix) throws IOException {
        Wire.Answer answer = wire.call(step, known);
        if (step.settles() && answer instanceof Wire.Answer.Response response) {
            new Settling(wire).after(response.data());
        }
        if (SPREAD.contains(step.api())) {
            new Settling(wire).afterAll(prefix + "settled" + settled.incrementAndGet());
        }
        return of(answer, prefix);
    }

    private JsonNode of(Wire.Answer answer, String prefix) {
        if (answer instanceof Wire.Answer.Response response) {
            known.learn(response.data(), prefix);
            JsonNode json = json(response.data(), response.version());
            if (response.data() instanceof FetchResponseData fetched) {
                showRecords(fetched, json);
            } else if (response.data() instanceof MetadataResponseData) {
                hideOthers(json.path("topics"), "name", prefix);
            } else if (response.data() instanceof ListGroupsResponseData) {
                hideOthers(json.path("groups"), "groupId", prefix);
            } else if (response.data() instanceof DescribeLogDirsResponseData) {
                json.path("results").forEach(Plain::hidePlace);
            }
            join(json);
            return replaced(json);
        }
        return TextNode.valueOf(answer.toString());
    }

    private static JsonNode json(ApiMessage data, short version) {
        Class<?> type = data.getClass();
        try {
            Class<?> converter = Class.forName(type.getName() + "JsonConverter");
            return (JsonNode) converter
                    .getMethod("write", type, short.class, boolean.class)
                    .invoke(null, data, version, false);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kafka may bring the partitions of one topic in several places. */
    private static void join(JsonNode json) {
        for (String name : List.of("responses", "topics")) {
            Map<String, ArrayNode> first = new HashMap<>();
            Iterator<JsonNode> topics = json.path(name).elements();
            while (topics.hasNext()) {
                JsonNode topic = topics.next();
                if (topic.path("partitions") instanceof ArrayNode partitions) {
                    ArrayNode before = first.putIfAbsent(key(topic), partitions);
                    if (before != null) {
                        before.addAll(partitions);
                        topics.remove();
                    }
                }
            }
        }
    }

    /** Other sequences make topics, too. */
    private static void hideOthers(JsonNode list, String identity, String prefix) {
        Iterator<JsonNode> topics = list.elements();
        while (topics.hasNext()) {
            String name = topics.next().path(identity).asText();
            boolean listed = identity.equals("groupId") || !name.isEmpty() && !name.equals("null");
            if (listed && !name.contains(prefix) && !name.startsWith("ready-") && !name.startsWith(".")) {
                topics.remove();
            }
        }
    }

    /** Where something lies, and how much else there is, is not for clients to depend on. */
    private static void hidePlace(JsonNode directory) {
        ObjectNode object = (ObjectNode) directory;
        object.put("logDir", "(directory)");
        object.remove(List.of("totalBytes", "usableBytes"));
    }

    /** Batches as they came, apart from what a broker writes into them; a cut one at the end does not count. */
    private static void showRecords(FetchResponseData data, JsonNode json) {
        for (int t = 0; t < data.responses().size(); t++) {
            List<PartitionData> partitions = data.responses().get(t).partitions();
            for (int p = 0; p < partitions.size(); p++) {
                ObjectNode shown = (ObjectNode) json.at("/responses/" + t + "/partitions/" + p);
                shown.remove("recordsSizeInBytes");
                shown.set("records", records((MemoryRecords) partitions.get(p).records()));
            }
        }
    }

    private static JsonNode records(MemoryRecords records) {
        if (records == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        ArrayNode batches = JsonNodeFactory.instance.arrayNode();
        for (MutableRecordBatch batch : records.batches()) {
            ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
            batch.writeTo(bytes);
            bytes.putInt(EPOCH_AT, 0);
            if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
                bytes.putInt(CRC_AT, 0).putLong(LARGEST_TIME_AT, 0);
            }
            batches.add(show(batch, bytes.array()));
        }
        return batches;
    }

    /** Short, but with a sum over all bytes. */
    private static String show(MutableRecordBatch batch, byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes, BATCH_OVERHEAD, bytes.length - BATCH_OVERHEAD);
        return batch.baseOffset() + "-" + batch.lastOffset() + " " + batch.compressionType() + " "
                + batch.timestampType() + " of " + bytes.length + " bytes, sum " + Long.toHexString(sum.getValue());
    }

    private JsonNode replaced(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                object.set(name, replaced(name, object.get(name)));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, replaced(array.get(i)));
            }
        }
        return node;
    }

    private JsonNode replaced(String name, JsonNode value) {
        if (ERRORS.contains(name)) {
            return TextNode.valueOf(Errors.forCode((short) value.intValue()).name());
        }
        if (MESSAGES.contains(name) && value.isTextual()) {
            return TextNode.valueOf("(words)");
        }
        if (name.equals("producerId") && value.isIntegralNumber()) {
            return TextNode.valueOf(known.commonProducer(value.longValue()));
        }
        if (IDS.contains(name) && value.isTextual()) {
            return TextNode.valueOf(
                    known.common(Uuid.fromString(value.textValue())).toString());
        }
        if (EPOCHS.contains(name) && value.isInt()) {
            return IntNode.valueOf(known.common(value.intValue()));
        }
        if (name.equals("port")) {
            return IntNode.valueOf(0);
        }
        if (value.isIntegralNumber() && Math.abs(value.longValue() - System.currentTimeMillis()) < NOW_WITHIN_MILLIS) {
            return TextNode.valueOf("(now)");
        }
        return value.isTextual() ? TextNode.valueOf(known.common(value.textValue())) : replaced(value);
    }

    /** For messages of several identities: what a list's elements are told apart by. */
    static String key(JsonNode element) {
        if (!element.isObject()) {
            return element.toString();
        }
        StringBuilder key = new StringBuilder();
        for (Map.Entry<String, Set<String>> identity : Identities.FIELDS.entrySet()) {
            JsonNode value = element.get(identity.getKey());
            if (Identities.isSet(element, identity.getKey())
                    && identity.getValue().stream().noneMatch(other -> Identities.isSet(element, other))) {
                key.append(key.isEmpty() ? "" : " ").append(value.asText());
            }
        }
        return key.toString();
    }

    private static final class Identities {
        /** An identity and those beside which it does not count. */
        private static final Map<String, Set<String>> FIELDS = fields();

        /** Also when it is empty: an empty name is a group's, too. */
        private static final String COORDINATOR_KEY = "key";

        private static Map<String, Set<String>> fields() {
            Map<String, Set<String>> fields = new java.util.LinkedHashMap<>();
            for (String each : List.of(
                    "name",
                    "topicName",
                    "topic",
                    "resourceType",
                    "resourceName",
                    "partitionIndex",
                    "partition",
                    "index",
                    "apiKey",
                    "nodeId",
                    "brokerId",
                    "groupId",
                    "memberId",
                    "key",
                    "transactionalId",
                    "clientId",
                    "configName")) {
                fields.put(each, Set.of());
            }
            fields.put("topicId", Set.of("name", "topic", "topicName"));
            // A coordinator is told apart by what it was asked for: there is no node in the answer of a server that has
            // none.
            fields.put("nodeId", Set.of(COORDINATOR_KEY));
            return fields;
        }

        private static boolean isSet(JsonNode element, String field) {
            JsonNode value = element.get(field);
            return value != null
                    && !value.isNull()
                    && (field.equals(COORDINATOR_KEY) || !value.asText().isEmpty());
        }
    }
}
