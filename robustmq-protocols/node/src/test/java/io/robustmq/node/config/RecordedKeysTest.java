/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** A key is added, dropped or given another default on purpose only: here it is recorded. */
class RecordedKeysTest {
    private static final String RECORDED = """
            robustmq.access.anonymous = auto
            robustmq.access.flapping.address-disconnects-max = 0
            robustmq.access.flapping.ban = 5m
            robustmq.access.flapping.disconnects-max = 15
            robustmq.access.flapping.enabled = false
            robustmq.access.flapping.window = 1m
            robustmq.access.sources.order = unset
            robustmq.access.unmatched = auto
            robustmq.bind-address = 127.0.0.1
            robustmq.capture = unset
            robustmq.cluster-name = robustmq
            robustmq.data-dir = ./data
            robustmq.default-engine = unset
            robustmq.delayed.bytes-max = 1GB
            robustmq.delayed.count-max = 1000000
            robustmq.memory.engine-limit = unset
            robustmq.memory.limit = unset
            robustmq.meta.addresses = unset
            robustmq.node-id = 1
            robustmq.producers.id-expiration = 1d
            robustmq.retained.bytes-max = 256MB
            robustmq.retained.count-max = 1000000
            robustmq.retention.compaction-bytes-per-second = 64MB
            robustmq.retention.key-map = 32MB
            robustmq.roles = [meta, broker]
            robustmq.rpc.advertised = unset
            robustmq.rpc.bind-address = unset
            robustmq.rpc.port = 1228
            robustmq.rpc.shared-secret = unset
            robustmq.rpc.shared-secret-file = unset
            robustmq.rpc.tls.allowed-names = unset
            robustmq.rpc.tls.bundle = unset
            robustmq.status-file = unset
            robustmq.storage.checkpoint-bytes = 256MB
            robustmq.storage.directories = unset
            robustmq.storage.inbox-bytes = 64MB
            robustmq.storage.low-water-bytes = 256MB
            robustmq.storage.open-files-max = 2048
            robustmq.storage.scrub-bytes-per-second = 8MB
            robustmq.storage.scrub-interval = 7d
            robustmq.storage.wal-file-bytes = 64MB
            robustmq.visibility.wildcards-across-protocols = false
            robustmq.windows.backlog-age-max = 0
            robustmq.windows.backlog-bytes-max = 256MB
            robustmq.windows.backlog-max = 100000
            robustmq.windows.groups-max = 100000
            robustmq.windows.members-max = 10000
            robustmq.windows.waiting-bytes-max = 64MB
            robustmq.windows.waiting-max = 10000
            """;

    @Test
    void everyKeyIsRecordedWithItsDefault() throws IOException {
        Map<String, String> found = new TreeMap<>();
        metadata()
                .forEach(property -> found.put(
                        (String) property.get("name"), Objects.toString(property.get("defaultValue"), "unset")));
        StringBuilder lines = new StringBuilder();
        found.forEach(
                (name, value) -> lines.append(name).append(" = ").append(value).append('\n'));
        assertThat(lines.toString()).isEqualTo(RECORDED);
    }

    @Test
    void everyKeyIsExplainedInOneLine() throws IOException {
        assertThat(metadata())
                .allSatisfy(property -> assertThat((String) property.get("description"))
                        .as("%s", property.get("name"))
                        .isNotBlank()
                        .doesNotContain("\n"));
    }

    @Test
    void theKeyCheckAndTheMetadataKnowTheSame() throws IOException {
        List<String> fromMetadata = metadata().stream()
                .map(property -> (String) property.get("name"))
                .sorted()
                .toList();
        assertThat(KnownKeys.of(List.of(RobustMqProperties.class)).names().stream()
                        .map(name -> name.replace(".*", "")))
                .containsExactlyElementsOf(fromMetadata);
    }

    @Test
    void theModulesListTheirRecords() {
        assertThat(KnownKeys.load(getClass().getClassLoader()).names()).contains("robustmq.roles");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> metadata() throws IOException {
        // The processor has written another file for the records of the tests.
        for (URL resource : Collections.list(RobustMqProperties.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = resource.openStream()) {
                // YAML reads JSON, but for an escape that the writer uses and YAML 1.1 does not know.
                String json = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\\/", "/");
                if (json.contains('"' + RobustMqProperties.class.getName() + '"')) {
                    Map<String, Object> root = new Yaml().load(json);
                    return (List<Map<String, Object>>) Objects.requireNonNull(root.get("properties"));
                }
            }
        }
        throw new AssertionError("the configuration processor has not run");
    }
}
