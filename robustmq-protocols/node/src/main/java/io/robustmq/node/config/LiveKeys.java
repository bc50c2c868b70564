/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.ClassUtils;

/** The keys that may change while nodes run, read from the records of all modules. Stateless. */
public final class LiveKeys {
    private LiveKeys() {}

    /** Each key, and from when on a change of it holds. */
    public static Map<String, String> load(@Nullable ClassLoader loader) {
        Map<String, String> keys = new TreeMap<>();
        for (String name : ImportCandidates.load(KnownKeys.class, loader)) {
            keys.putAll(of(ClassUtils.resolveClassName(name, loader)));
        }
        return Collections.unmodifiableMap(keys);
    }

    /** Those of one record. */
    public static Map<String, String> of(Class<?> record) {
        Map<String, String> keys = new TreeMap<>();
        collect(prefix(record), record, keys);
        return keys;
    }

    /** What the keys of the record begin with. */
    public static String prefix(Class<?> record) {
        ConfigurationProperties annotation = record.getAnnotation(ConfigurationProperties.class);
        if (annotation == null) {
            throw new IllegalStateException(record.getName() + " is no record with @ConfigurationProperties");
        }
        return annotation.value().isEmpty() ? annotation.prefix() : annotation.value();
    }

    private static void collect(String prefix, Class<?> record, Map<String, String> keys) {
        for (RecordComponent component : record.getRecordComponents()) {
            String key = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            Live live = component.getAnnotation(Live.class);
            if (live != null) {
                keys.put(key, live.value());
            } else if (component.getType().isRecord()) {
                collect(key, component.getType(), keys);
            }
        }
    }
}
