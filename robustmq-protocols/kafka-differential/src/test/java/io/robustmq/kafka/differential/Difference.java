/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A field in which the answers to one request are not the same. Immutable.
 *
 * @param path of the field, {@code []} for any element of a list
 * @param where the path with the elements' names
 * @param kafka the value in Kafka's answer, missing when there is none
 * @param ours the value in ours
 */
record Difference(ApiKeys api, short version, String path, String where, JsonNode kafka, JsonNode ours) {
    private static final Set<ApiKeys> CHANGES = Set.of(
            ApiKeys.CREATE_TOPICS,
            ApiKeys.DELETE_TOPICS,
            ApiKeys.PRODUCE,
            ApiKeys.METADATA,
            ApiKeys.JOIN_GROUP,
            ApiKeys.SYNC_GROUP,
            ApiKeys.LEAVE_GROUP,
            ApiKeys.DELETE_GROUPS,
            ApiKeys.OFFSET_COMMIT,
            ApiKeys.OFFSET_DELETE,
            ApiKeys.CONSUMER_GROUP_HEARTBEAT,
            ApiKeys.INIT_PRODUCER_ID,
            ApiKeys.CREATE_PARTITIONS,
            ApiKeys.DELETE_RECORDS,
            ApiKeys.ALTER_CONFIGS,
            ApiKeys.INCREMENTAL_ALTER_CONFIGS);

    static List<Difference> between(Step step, JsonNode kafka, JsonNode ours) {
        List<Difference> found = new ArrayList<>();
        compare(step, "", "", kafka, ours, found);
        return found;
    }

    private static void compare(
            Step step, String path, String where, JsonNode kafka, JsonNode ours, List<Difference> found) {
        if (kafka.isObject() && ours.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            kafka.fieldNames().forEachRemaining(names::add);
            ours.fieldNames().forEachRemaining(names::add);
            String dot = path.isEmpty() ? "" : ".";
            for (String name : names) {
                compare(step, path + dot + name, where + dot + name, kafka.path(name), ours.path(name), found);
            }
        } else if (kafka.isArray() && ours.isArray()) {
            Map<String, JsonNode> theirElements = elements(kafka);
            Map<String, JsonNode> ourElements = elements(ours);
            Set<String> keys = new LinkedHashSet<>(theirElements.keySet());
            keys.addAll(ourElements.keySet());
            for (String key : keys) {
                JsonNode theirs = theirElements.getOrDefault(key, MissingNode.getInstance());
                JsonNode mine = ourElements.getOrDefault(key, MissingNode.getInstance());
                compare(step, path + "[]", where + "[" + key + "]", theirs, mine, found);
            }
        } else if (!kafka.equals(ours)) {
            found.add(new Difference(step.api(), step.version(), path, where, kafka, ours));
        }
    }

    /** Objects by what names them, whatever their order; other values by their place. */
    private static Map<String, JsonNode> elements(JsonNode list) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode each = list.get(i);
            String key = each.isObject() ? Plain.key(each) : "" + i;
            String unique = key;
            for (int n = 2; elements.containsKey(unique); n++) {
                unique = key + " (" + n + ")";
            }
            elements.put(unique, each);
        }
        return elements;
    }

    /** Whether what follows can no longer be compared, because one has done what the other has refused. */
    boolean partsStates() {
        return CHANGES.contains(api)
                && (path.endsWith("errorCode")
                        || path.isEmpty()
                        || path.endsWith("baseOffset")
                        || path.endsWith("esponses[]"));
    }

    private static String text(JsonNode node) {
        String text = node.isMissingNode() ? "(not there)" : node.toString();
        return text.length() > 120 ? text.substring(0, 117) + "..." : text;
    }

    /** The same for all differences of one kind. */
    String kind() {
        String kind = api + " " + path + ": Kafka " + text(kafka) + ", here " + text(ours);
        return kind.replaceAll("[a-z]+[0-9]+-", "own-")
                .replaceAll("memb[0-9a-f]{18,32}", "(member)")
                .replaceAll("\"[A-Za-z0-9_-]{22}\"", "(id)")
                .replaceAll("sum [0-9a-f]+", "sum")
                .replaceAll("(?<![A-Za-z0-9])[0-9]+", "n");
    }
}
