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

    static String pairs(JsonNode object) {
        return object.propertyStream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().asString(""))
                .collect(Collectors.joining(","));
    }
}
