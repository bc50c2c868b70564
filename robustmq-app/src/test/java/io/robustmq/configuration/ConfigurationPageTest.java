/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.node.config.KnownKeys;
import io.robustmq.node.config.LiveKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/**
 * {@code docs/configuration.md} is written from the records of all modules, so that no key, default or explanation is
 * missing or stale. After a change: run this test with {@code -Drecord=true} and review the page's difference.
 */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    /** What the operator names; the keys of one such record are explained once. */
    private static final Set<String> MAPS_OF_RECORDS = Set.of("robustmq.mqtt.listeners");

    private static final Map<String, String> LIVE = LiveKeys.load(ConfigurationPageTest.class.getClassLoader());

    private static final String INTRODUCTION = """
            # Configuration

            Written from the code; do not edit. Every key may be set in a YAML file (`--spring.config.additional-location=`),
            on the command line (`--robustmq.node-id=2`) or in the environment (`ROBUSTMQ_NODEID=2`: upper case, dots become
            underscores, dashes vanish). A key of ours that nobody understands refuses the start, unless it comes from the
            environment. Durations are written `500ms`, `10s`, `24h`; sizes `64KB`, `16MB`, `1GB`. The admin port is
            `server.port` (58080). What may change at run time is changed for the whole cluster by `ctl config set KEY VALUE`
            ([admin.md](admin.md)).
            """;

    @Test
    void thePageTellsEveryKeyAsItIs() throws IOException {
        String page = page(keys());
        if (Boolean.getBoolean("record")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/configuration.md; record it with -Drecord=true")
                .isEqualTo(page);
    }

    @Test
    void theKeyCheckKnowsTheKeysOfAllModules() throws IOException {
        List<String> checked = KnownKeys.load(getClass().getClassLoader()).names().stream()
                .map(name -> name.replace(".*", ""))
                .toList();
        assertThat(checked)
                .as("a module lists its records in META-INF/spring/io.robustmq.node.config.KnownKeys.imports")
                .containsExactlyElementsOf(keys().keySet());
    }

    private static String page(Map<String, Map<String, Object>> keys) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        String section = "";
        List<String> bySection = keys.keySet().stream()
                .sorted(Comparator.comparing((String name) -> sectionOf(name, keys.keySet()))
                        .thenComparing(name -> name))
                .toList();
        for (String name : bySection) {
            Map<String, Object> key = keys.get(name);
            String next = sectionOf(name, keys.keySet());
            if (!next.equals(section)) {
                section = next;
                page.append("\n## `").append(section).append("`\n\n");
                page.append("| key | value | default | meaning |\n|---|---|---|---|\n");
            }
            String type = (String) key.get("type");
            page.append("| `")
                    .append(MAPS_OF_RECORDS.stream()
                            .filter(map -> name.startsWith(map + "."))
                            .map(map -> map + ".<name>" + name.substring(map.length()))
                            .findFirst()
                            .orElse(inList(name, keys.keySet())))
                    .append(type.startsWith("java.util.Map") ? ".<name>" : "")
                    .append("` | ")
                    .append(valueOf(type))
                    .append(" | ")
                    .append(defaultOf(key.get("defaultValue")))
                    .append(" | ")
                    .append(Objects.requireNonNull(key.get("description"), () -> name + " is not explained"))
                    .append(LIVE.containsKey(name) ? "; may change at run time, " + LIVE.get(name) : "")
                    .append(" |\n");
        }
        return page.toString();
    }

    /** A group of its own when a second level has several keys, else the common one. */
    private static String sectionOf(String name, Collection<String> all) {
        String[] levels = name.split("\\.");
        String group = levels[0] + "." + levels[1];
        boolean several =
                all.stream().filter(other -> other.startsWith(group + ".")).count() > 1;
        return several ? group : levels[0];
    }

    /** The elements of a list are numbered. */
    private static String inList(String name, Collection<String> all) {
        String list = name.substring(0, name.lastIndexOf('.'));
        return all.contains(list) ? list + "[0]" + name.substring(list.length()) : name;
    }

    private static String valueOf(String type) {
        if (type.startsWith("java.util.List<io.robustmq.")) {
            return "list";
        }
        String scalar = type.startsWith("java.util.Map") ? type.replaceAll(".*,|>", "") : type;
        return switch (scalar) {
            case "java.lang.Integer", "java.lang.Long", "java.lang.Double" -> "number";
            case "java.lang.Boolean" -> "`true`, `false`";
            case "java.time.Duration" -> "duration";
            case "org.springframework.util.unit.DataSize" -> "size";
            case "java.lang.String" -> "text";
            case "java.util.List<java.lang.String>" -> "list";
            default -> choices(enumOf(scalar));
        };
    }

    private static Object[] enumOf(String type) {
        try {
            return Objects.requireNonNull(
                    Class.forName(type).getEnumConstants(), () -> "say how a " + type + " is written");
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("say how a " + type + " is written", e);
        }
    }

    private static String choices(Object[] values) {
        return Arrays.stream(values)
                .map(value -> "`" + value.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                .collect(Collectors.joining(", "));
    }

    private static String defaultOf(@Nullable Object value) {
        if (value == null) {
            return "unset";
        }
        return "`" + value.toString().replaceAll("^\\[|]$", "").replace(", ", ",") + "`";
    }

    /** By name. */
    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> keys() throws IOException {
        Map<String, Map<String, Object>> keys = new TreeMap<>();
        for (URL resource : Collections.list(ConfigurationPageTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = resource.openStream()) {
                String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                Map<String, Object> metadata = JsonParserFactory.getJsonParser().parseMap(json);
                ((List<Map<String, Object>>) metadata.getOrDefault("properties", List.of()))
                        .stream()
                                .filter(key -> ((String) key.get("name")).startsWith("robustmq."))
                                .filter(key -> !MAPS_OF_RECORDS.contains(key.get("name")))
                                .forEach(key -> keys.put((String) key.get("name"), key));
            }
        }
        return keys;
    }
}
