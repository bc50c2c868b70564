/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** Looks into YAML by paths such as {@code spec/template/spec/containers/0/image}. Stateless. */
final class Yamls {
    private Yamls() {}

    static List<Object> documents(String text) {
        List<Object> documents = new ArrayList<>();
        new Yaml().loadAll(text).forEach(document -> {
            if (document != null) {
                documents.add(document);
            }
        });
        return documents;
    }

    static Object file(Path file) throws IOException {
        return documents(Files.readString(file)).get(0);
    }

    /** What is at the path; it must be there. */
    static Object at(Object node, String path) {
        Object current = node;
        for (String step : path.split("/")) {
            Object next = current instanceof List<?> list
                    ? list.get(Integer.parseInt(step))
                    : current instanceof Map<?, ?> map ? map.get(step) : null;
            current = Objects.requireNonNull(next, () -> step + " of " + path + " is absent in " + node);
        }
        return current;
    }

    static boolean has(Object node, String path) {
        try {
            at(node, path);
            return true;
        } catch (NullPointerException absent) {
            return false;
        }
    }

    /** The keys of all leaves, with dots. */
    static TreeSet<String> keys(Object node) {
        TreeSet<String> keys = new TreeSet<>();
        collect("", node, keys);
        return keys;
    }

    private static void collect(String prefix, Object node, TreeSet<String> keys) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> collect(prefix.isEmpty() ? "" + key : prefix + "." + key, value, keys));
        } else {
            keys.add(prefix);
        }
    }
}
