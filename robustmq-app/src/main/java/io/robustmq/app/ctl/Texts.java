/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** JSON lists and objects in a cell of a table. Stateless. */
final class Texts {
    private Texts() {}

    /** A field of an object; a dash when it is not there. */
    static String field(JsonNode object, String name) {
        return object.path(name).asString("-");
    }

    static String joined(JsonNode list, String whenEmpty) {
        String text = list.valueStream().map(item -> item.asString("")).collect(Collectors.joining(","));
        return text.isEmpty() ? whenEmpty : text;
    }

    /** Lists stand in brackets, what is deeper as it was answered. */
    static String pairs(JsonNode object) {
        return object.propertyStream()
                .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
                .collect(Collectors.joining(","));
    }

    private static String text(JsonNode value) {
        if (value.isArray() && value.valueStream().allMatch(JsonNode::isValueNode)) {
            return value.valueStream().map(each -> each.asString("")).collect(Collectors.joining(" ", "[", "]"));
        }
        return value.isValueNode() ? value.asString("") : value.toString();
    }
}
