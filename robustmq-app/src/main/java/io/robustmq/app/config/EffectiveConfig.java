/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.config;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.node.StartRefusedException;
import io.robustmq.node.config.KnownKeys;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.ClassUtils;

/** Reads the records of all modules as they are with some keys set on top, and where each value comes from. Immutable. */
final class EffectiveConfig {
    static final String MASK = "******";
    private static final Pattern SECRET =
            Pattern.compile(".*(secret|password|token|credential|private-key|sources\\.http\\.headers\\.).*");
    /** Names of files are no secrets. */
    private static final Pattern FILE = Pattern.compile(".*-(file|location)");

    private final ConfigurableEnvironment environment;

    EffectiveConfig(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    static boolean isSecret(String key) {
        return SECRET.matcher(key).matches() && !FILE.matcher(key).matches();
    }

    /** The record with those values on top; fails with INVALID_CONFIG, in the words of the refused start. */
    <T> T bind(Map<String, String> onTop, String prefix, Class<T> type) {
        try {
            return binder(onTop).bindOrCreate(prefix, type);
        } catch (BindException e) {
            throw RmqError.INVALID_CONFIG.exception(reason(e));
        }
    }

    private Binder binder(Map<String, String> onTop) {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        sources.add(new MapConfigurationPropertySource(onTop));
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        return new Binder(sources, new PropertySourcesPlaceholdersResolver(environment));
    }

    /** What a person is told of a value that cannot be bound. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            root = each;
            if (each instanceof StartRefusedException refused) {
                return refused.getMessage() + " " + refused.action();
            }
            if (each instanceof RmqException) {
                break;
            }
        }
        String where = failure instanceof BindException bind && bind.getProperty() != null
                ? bind.getProperty().getName() + ": "
                : "";
        return where + (root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage());
    }

    /** Every key with its value as text; null where nothing is set. Secrets are masked. */
    TreeMap<String, @Nullable String> values(Map<String, String> onTop) {
        TreeMap<String, @Nullable String> values = new TreeMap<>();
        for (Class<?> type : records()) {
            ConfigurationProperties annotation = type.getAnnotation(ConfigurationProperties.class);
            String prefix = annotation.value().isEmpty() ? annotation.prefix() : annotation.value();
            flatten(prefix, bind(onTop, prefix, type), values);
        }
        return values;
    }

    static List<Class<?>> records() {
        List<Class<?>> records = new ArrayList<>();
        ClassLoader loader = EffectiveConfig.class.getClassLoader();
        for (String name : ImportCandidates.load(KnownKeys.class, loader)) {
            records.add(ClassUtils.resolveClassName(name, loader));
        }
        return records;
    }

    private static void flatten(String name, @Nullable Object value, Map<String, @Nullable String> values) {
        if (value != null && value.getClass().isRecord()) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                flatten(
                        name + "." + DataObjectPropertyName.toDashedForm(component.getName()),
                        read(component, value),
                        values);
            }
        } else if (value instanceof Map<?, ?> map) {
            if (map.isEmpty()) {
                values.put(name, null);
            }
            map.forEach((key, each) -> flatten(name + "." + key, each, values));
        } else if (value instanceof Collection<?> list
                && list.stream()
                        .anyMatch(each -> each != null && each.getClass().isRecord())) {
            int i = 0;
            for (Object each : list) {
                flatten(name + "[" + i++ + "]", each, values);
            }
        } else {
            String text = value == null || value instanceof Collection<?> none && none.isEmpty()
                    ? null
                    : value instanceof Collection<?> some
                            ? String.join(
                                    ",", some.stream().map(String::valueOf).toList())
                            : value instanceof Enum<?> constant
                                    ? constant.name().toLowerCase(java.util.Locale.ROOT)
                                    : String.valueOf(value);
            values.put(name, text != null && isSecret(name) ? MASK : text);
        }
    }

    private static @Nullable Object read(RecordComponent component, Object record) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(
                    "a component of " + record.getClass().getName() + " cannot be read", e);
        }
    }

    /** Where the value of a key comes from. */
    String source(String key) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
        for (PropertySource<?> source : environment.getPropertySources()) {
            ConfigurationPropertySource readable = source.getName().equals("configurationProperties")
                    ? null
                    : ConfigurationPropertySource.from(source);
            if (readable != null && readable.getConfigurationProperty(name) != null) {
                return switch (source.getName()) {
                    case "commandLineArgs" -> "command line";
                    case "systemEnvironment" -> "environment";
                    case "systemProperties" -> "system property";
                    default -> source.getName().contains("class path resource") ? "default" : source.getName();
                };
            }
        }
        return "default";
    }
}
