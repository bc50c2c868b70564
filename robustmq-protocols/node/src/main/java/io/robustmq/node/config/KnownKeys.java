/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.util.ClassUtils;

/**
 * Every key of ours that the modules present understand, whatever the roles of the node. Read from the records
 * themselves: a module lists its records in {@code META-INF/spring/io.robustmq.node.config.KnownKeys.imports}.
 * Immutable.
 */
public final class KnownKeys {
    private final Key root = new Key();
    private final TreeSet<String> names = new TreeSet<>();

    private KnownKeys(Collection<? extends Class<?>> records) {
        for (Class<?> record : records) {
            ConfigurationProperties annotation = record.getAnnotation(ConfigurationProperties.class);
            if (annotation == null || !record.isRecord()) {
                throw new IllegalStateException(record.getName() + " is no record with @ConfigurationProperties");
            }
            String prefix = annotation.value().isEmpty() ? annotation.prefix() : annotation.value();
            Key key = root;
            for (String element : prefix.split("\\.")) {
                key = key.child(uniform(element));
            }
            addRecord(key, prefix, record);
        }
    }

    /** The keys of all modules on the class path. */
    public static KnownKeys load(@Nullable ClassLoader loader) {
        List<Class<?>> records = new ArrayList<>();
        for (String name : ImportCandidates.load(KnownKeys.class, loader)) {
            records.add(ClassUtils.resolveClassName(name, loader));
        }
        return new KnownKeys(records);
    }

    /** The keys of those records. */
    public static KnownKeys of(List<Class<?>> records) {
        return new KnownKeys(records);
    }

    /** Every key in dashed form, with {@code *} for what the operator names, in alphabetical order. */
    public List<String> names() {
        return List.copyOf(names);
    }

    /** Whether the name, in whatever spelling relaxed binding takes, is a key, or a group that is left empty. */
    public boolean knows(ConfigurationPropertyName name, boolean emptyValue) {
        Key key = root;
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            if (key.rest) {
                return true;
            }
            Key next = key.children.get(name.getElement(i, Form.UNIFORM).toLowerCase(Locale.ROOT));
            if (next == null) {
                next = key.anyChild;
            }
            if (next == null) {
                return false;
            }
            key = next;
        }
        return key.value || emptyValue;
    }

    /**
     * Whether a variable of the environment means one of the keys. The environment has one separator for levels and
     * words, so that the answer errs on the side of yes.
     */
    public boolean knowsVariable(String variable) {
        String wanted = uniform(variable);
        for (String name : names) {
            int star = name.indexOf('*');
            String known = uniform(star < 0 ? name : name.substring(0, star));
            if (star < 0
                    ? wanted.replaceAll("[0-9]+$", "").equals(known.replaceAll("[0-9]+$", ""))
                    : wanted.startsWith(known)) {
                return true;
            }
        }
        return false;
    }

    /** The key that was probably meant, or null when none is near. */
    public @Nullable String nearest(String unknown) {
        String wanted = comparable(unknown);
        int tail = wanted.length() - RobustMqProperties.PREFIX.length();
        int bestDistance = Math.max(2, tail / 3) + 1;
        String best = null;
        for (String name : names) {
            String known = comparable(name);
            int distance = editDistance(wanted, known);
            if (wanted.startsWith(known) || known.startsWith(wanted)) {
                distance = Math.min(distance, 2);
            }
            if (distance < bestDistance) {
                bestDistance = distance;
                best = name;
            }
        }
        return best;
    }

    /** Without dashes, indexes and case, which nobody means by a mistake. */
    private static String comparable(String name) {
        return name.replaceAll("\\[[^]]*]|[-_]", "").toLowerCase(Locale.ROOT);
    }

    private void addRecord(Key key, String prefix, Class<?> record) {
        for (RecordComponent component : record.getRecordComponents()) {
            String dashed = DataObjectPropertyName.toDashedForm(component.getName());
            addType(key.child(uniform(dashed)), prefix + "." + dashed, component.getGenericType());
        }
    }

    private void addType(Key key, String name, Type type) {
        Class<?> raw = raw(type);
        if (raw.isRecord()) {
            addRecord(key, name, raw);
        } else if (Map.class.isAssignableFrom(raw)) {
            Type value = argument(type, 1);
            key.anyChild = key.anyChild == null ? new Key() : key.anyChild;
            addType(key.anyChild, name + ".*", value);
            // A scalar's name may hold dots, which the source has split.
            key.anyChild.rest = !raw(value).isRecord();
        } else if (Collection.class.isAssignableFrom(raw)) {
            key.value = true;
            names.add(name);
            Key element = new Key();
            element.value = true;
            key.anyChild = element;
            if (raw(argument(type, 0)).isRecord()) {
                addRecord(element, name + ".*", raw(argument(type, 0)));
            }
        } else {
            key.value = true;
            names.add(name);
        }
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) type;
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[index]
                : String.class;
    }

    private static String uniform(String text) {
        StringBuilder uniform = new StringBuilder(text.length());
        for (char c : text.toLowerCase(Locale.ROOT).toCharArray()) {
            if (Character.isLetterOrDigit(c)) {
                uniform.append(c);
            }
        }
        return uniform.toString();
    }

    /** Levenshtein's distance: insertions, deletions, replacements. */
    private static int editDistance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /** A level of the tree of keys. Written by the constructor only. */
    private static final class Key {
        private final Map<String, Key> children = new HashMap<>();
        private @Nullable Key anyChild;
        private boolean value;
        private boolean rest;

        Key child(String element) {
            return children.computeIfAbsent(element, name -> new Key());
        }
    }
}
