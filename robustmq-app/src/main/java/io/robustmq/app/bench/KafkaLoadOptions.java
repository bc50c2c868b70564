/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.robustmq.app.tls.ClientTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every kind of load of Kafka is told. Filled by picocli, then only read. */
final class KafkaLoadOptions extends CommonOptions {
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule";
    private static final Map<String, String> MODULES = new TreeMap<>(Map.of(
            "PLAIN",
            "org.apache.kafka.common.security.plain.PlainLoginModule",
            "SCRAM-SHA-256",
            SCRAM,
            "SCRAM-SHA-512",
            SCRAM));

    @Option(
            names = {"-p", "--port"},
            description = "of the broker (default 9092, with --tls 9093)")
    private @Nullable Integer port;

    @Option(
            names = "--sasl-mechanism",
            paramLabel = "PLAIN|SCRAM-SHA-256|SCRAM-SHA-512",
            defaultValue = "PLAIN",
            description = "how --user logs in (default ${DEFAULT-VALUE})")
    private String mechanism = "";

    @Option(names = "--topic", description = "made when it is not there (default one of this run, deleted at its end)")
    @Nullable
    String topic;

    @Option(
            names = "--partitions",
            defaultValue = "1",
            description = "of a topic that is made (default ${DEFAULT-VALUE})")
    int partitions;

    @Option(names = "--topic-config", paramLabel = "key=value", description = "of a topic that is made")
    Map<String, String> topicConfig = new HashMap<>();

    @Option(
            names = "--config",
            paramLabel = "key=value",
            description = "of Kafka's client; wins over what other options make of it")
    Map<String, String> clientConfig = new HashMap<>();

    @Option(names = "--size", defaultValue = "1024", description = "bytes of a value (default ${DEFAULT-VALUE})")
    int size;

    @Option(names = "--acks", defaultValue = "all", description = "0, 1 or all (default ${DEFAULT-VALUE})")
    String acks = "";

    @Option(names = "--batch-size", defaultValue = "16384", description = "bytes of a batch (default ${DEFAULT-VALUE})")
    int batchSize;

    @Option(
            names = "--linger",
            converter = Seconds.class,
            defaultValue = "0s",
            description = "for more records of a batch (default ${DEFAULT-VALUE})")
    Duration linger = Duration.ZERO;

    @Option(names = "--compression", defaultValue = "none", description = "of batches (default ${DEFAULT-VALUE})")
    String compression = "";

    /** Fails with a sentence when the options make no sense. */
    void check() {
        require(size >= Payload.BYTES_MIN, "--size is at least " + Payload.BYTES_MIN);
        require(partitions >= 1, "--partitions is at least 1");
        require(MODULES.containsKey(mechanism), "--sasl-mechanism is one of " + String.join(", ", MODULES.keySet()));
        require(user == null || password() != null, "--user needs --password-file");
        checkCommon();
    }

    /** For every kind of client. */
    Map<String, Object> clients() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("bootstrap.servers", address());
        config.put("enable.metrics.push", "false");
        encrypt(config);
        logIn(config);
        return config;
    }

    String address() {
        return host + ":" + (port != null ? port : tls ? 9093 : 9092);
    }

    private void encrypt(Map<String, Object> config) {
        if (!tls) {
            return;
        }
        config.put("security.protocol", "SSL");
        Path trusted = caFile();
        if (trusted != null) {
            config.put("ssl.truststore.type", "PEM");
            config.put("ssl.truststore.location", trusted.toString());
        }
        ClientTls own = tls();
        String key = own.keyAsPkcs8();
        if (key != null) {
            config.put("ssl.keystore.type", "PEM");
            config.put("ssl.keystore.certificate.chain", own.certificateText());
            config.put("ssl.keystore.key", key);
        }
    }

    private void logIn(Map<String, Object> config) {
        String name = user;
        String password = password();
        if (name == null || password == null) {
            return;
        }
        config.put("security.protocol", tls ? "SASL_SSL" : "SASL_PLAINTEXT");
        config.put("sasl.mechanism", mechanism);
        config.put(
                "sasl.jaas.config",
                MODULES.get(mechanism) + " required username=" + quoted(name) + " password=" + quoted(password) + ";");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    Map<String, Object> producers() {
        Map<String, Object> config = clients();
        config.put("acks", acks);
        config.put("batch.size", batchSize);
        config.put("linger.ms", linger.toMillis());
        config.put("compression.type", compression);
        config.put("enable.idempotence", acks.equals("all"));
        config.put("max.block.ms", "15000");
        config.putAll(clientConfig);
        return config;
    }

    Map<String, Object> consumers() {
        Map<String, Object> config = clients();
        config.put("auto.offset.reset", "none");
        config.put("enable.auto.commit", "false");
        config.put("allow.auto.create.topics", "false");
        config.putAll(clientConfig);
        return config;
    }

    Map<String, Object> admins() {
        Map<String, Object> config = clients();
        config.put("default.api.timeout.ms", "15000");
        config.put("request.timeout.ms", "10000");
        config.putAll(clientConfig);
        return config;
    }
}
