/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.access.AdminRole;
import io.robustmq.app.admin.Problem;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * Something that can be done: a form, and the call of the API that it makes.
 *
 * @param done what is told afterwards
 * @param needs the role; the API asks for it, too
 * @param path with names of fields in braces
 * @param warning what happens, where it cannot be undone; empty where it can
 */
record Action(
        String id,
        String label,
        String done,
        AdminRole needs,
        HttpMethod method,
        String path,
        List<Field> fields,
        String warning) {

    static Action add(
            String id, String label, String done, AdminRole needs, HttpMethod method, String path, Field... fields) {
        return new Action(id, label, done, needs, method, path, List.of(fields), "");
    }

    static Action delete(
            String id, String label, String done, AdminRole needs, String path, String warning, Field... fields) {
        return new Action(id, label, done, needs, HttpMethod.DELETE, path, List.of(fields), warning);
    }

    /** The call that a filled form means; fails with INVALID_REQUEST. */
    AdminApi.Call call(Map<String, String> form) {
        String where = path;
        Map<String, String> query = new LinkedHashMap<>();
        Map<String, Object> body = new LinkedHashMap<>();
        for (Field field : fields) {
            String given = form.getOrDefault(field.name(), "");
            if (field.required() && given.isEmpty()) {
                throw Problem.invalid(field.label() + " is missing");
            }
            switch (field.place()) {
                case PATH -> where = where.replace("{" + field.name() + "}", AdminApi.encoded(given));
                case QUERY -> query.put(field.name(), given);
                case BODY -> {
                    Object value = value(field, given);
                    if (value != null) {
                        body.put(field.name(), value);
                    }
                }
            }
        }
        return new AdminApi.Call(method, where, query, body.isEmpty() ? null : body);
    }

    private static @Nullable Object value(Field field, String given) {
        if (given.isEmpty()) {
            return null;
        }
        return switch (field.type()) {
            case NUMBER -> number(field, given);
            case FLAG -> Boolean.TRUE;
            case LIST -> {
                List<String> items = Arrays.stream(given.split("[,\\r\\n]+"))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .toList();
                yield field.name().equals("qos")
                        ? items.stream().map(each -> number(field, each)).toList()
                        : items;
            }
            case PAIRS -> pairs(field, given);
            default -> given;
        };
    }

    private static Long number(Field field, String given) {
        try {
            return Long.valueOf(given.strip());
        } catch (NumberFormatException e) {
            throw Problem.invalid(field.label() + " is a number, not '" + given + "'");
        }
    }

    private static @Nullable Map<String, Object> pairs(Field field, String given) {
        Map<String, Object> pairs = new LinkedHashMap<>();
        given.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw Problem.invalid(field.label() + " are lines of name=value, not '" + line + "'");
            }
            String value = line.substring(equals + 1).strip();
            pairs.put(line.substring(0, equals).strip(), value.isEmpty() ? null : value);
        });
        return pairs.isEmpty() ? null : pairs;
    }
}
