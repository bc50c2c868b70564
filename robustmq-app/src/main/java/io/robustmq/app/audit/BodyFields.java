/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What of a body may be written down: fields that are known to hold no secret, by name. Of any other only that it was there:
 * a field that somebody adds tomorrow is a secret until it is listed here. Stateless.
 */
final class BodyFields {
    static final String HIDDEN = "(not recorded)";
    static final int TEXT_MAX = 256;
    private static final int FIELDS_MAX = 32;

    private static final Set<String> PLAIN = Set.of(
            "name",
            "role",
            "description",
            "expiresIn",
            "topic",
            "partition",
            "partitions",
            "bindings",
            "engine",
            "config",
            "before",
            "to",
            "dryRun",
            "subject",
            "filter",
            "qos",
            "noLocal",
            "retainAsPublished",
            "retainHandling",
            "action",
            "source",
            "regex",
            "destination",
            "configuredLevel",
            "setting",
            "user",
            "client",
            "clientId",
            "permission",
            "address",
            "reason",
            "effect",
            "who",
            "resource",
            "match",
            "retain",
            "superuser",
            "for",
            "tenant");

    private BodyFields() {}

    /** The fields of a JSON object; empty for what is none. */
    static Map<String, Object> of(byte[] body) {
        return of(body, Set.of());
    }

    /** @param also names of fields that hold no secret in this body */
    static Map<String, Object> of(byte[] body, Set<String> also) {
        if (body.length == 0) {
            return Map.of();
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(body);
            Map<String, Object> fields = new LinkedHashMap<>();
            json.propertyStream()
                    .limit(FIELDS_MAX)
                    .forEach(each -> fields.put(
                            text(each.getKey()),
                            PLAIN.contains(each.getKey()) || also.contains(each.getKey())
                                    ? plain(each.getValue())
                                    : HIDDEN));
            return fields;
        } catch (JacksonException e) {
            return Map.of();
        }
    }

    private static Object plain(JsonNode value) {
        if (value.isValueNode()) {
            return text(value.asString(""));
        }
        if (value.isArray()) {
            List<String> items = value.valueStream()
                    .limit(FIELDS_MAX)
                    .map(item -> item.isValueNode() ? text(item.asString("")) : HIDDEN)
                    .toList();
            return items;
        }
        Map<String, Object> nested = new LinkedHashMap<>();
        value.propertyStream()
                .limit(FIELDS_MAX)
                .forEach(each -> nested.put(
                        text(each.getKey()),
                        each.getValue().isValueNode() ? text(each.getValue().asString("")) : HIDDEN));
        return nested;
    }

    private static String text(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
    }
}
