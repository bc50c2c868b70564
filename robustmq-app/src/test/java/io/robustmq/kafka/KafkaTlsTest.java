/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContext;
import io.robustmq.kafka.connection.KafkaLimits;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.net.TlsContexts;
import io.robustmq.protocol.ClientAuth;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Unmodified clients over TLS. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaTlsTest {
    @TempDir
    static Path directory;

    private static final AtomicReference<SslContext> current = new AtomicReference<>();
    private static FileBroker files;
    private static InProcessBroker broker;
    private static TestKeys keys;

    @BeforeAll
    static void start() throws Exception {
        keys = TestKeys.create(directory, "first");
        current.set(keys.server());
        TlsContexts tls = spec -> current.get();
        files = new FileBroker(directory, KafkaLimits.DEFAULTS, tls);
        broker = files.broker;
    }

    @AfterAll
    static void stop() {
        files.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static Properties config(TestKeys trusted) {
        Properties config = new Properties();
        config.putAll(Map.of(
                "bootstrap.servers", "127.0.0.1:" + broker.kafkaTlsPort(),
                "security.protocol", "SSL",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", trusted.certificate().toString(),
                "auto.offset.reset", "earliest",
                "fetch.max.bytes", "8000000",
                "max.partition.fetch.bytes", "8000000"));
        return config;
    }

    @Test
    void whatIsProducedIsConsumedFromFiles() throws Exception {
        files.create("secret", "file", 1);
        TopicPartition partition = new TopicPartition("secret", 0);
        int count = 2000;
        try (var producer = new KafkaProducer<>(config(keys), new ByteArraySerializer(), new ByteArraySerializer());
                var consumer =
                        new KafkaConsumer<>(config(keys), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>("secret", 0, FileBroker.key(i), new byte[1000]));
            }
            producer.flush();
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            int next = 0;
            while (next < count) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    assertThat(record.key()).isEqualTo(FileBroker.key(next++));
                }
            }
        }
        assertThat(broker.kafkaCounters().fetchedFileBytes.sum()).isZero();
    }

    @Test
    void newConnectionsUseTheKeysThatReplacedTheOthers() throws Exception {
        TestKeys second = TestKeys.create(directory, "second");
        SslContext before = current.get();
        try (Admin admin = Admin.create(config(keys))) {
            assertThat(admin.describeCluster().nodes().get(20, TimeUnit.SECONDS))
                    .hasSize(1);
            current.set(second.server());
            assertThat(admin.describeCluster().nodes().get(20, TimeUnit.SECONDS))
                    .hasSize(1);
            try (Admin late = Admin.create(config(second))) {
                var node = late.describeCluster()
                        .nodes()
                        .get(20, TimeUnit.SECONDS)
                        .iterator()
                        .next();
                assertThat(node.port()).isEqualTo(broker.kafkaTlsPort());
            }
            try (Admin wrong = Admin.create(config(keys))) {
                assertThatThrownBy(() -> wrong.describeCluster().nodes().get(20, TimeUnit.SECONDS))
                        .hasMessageContaining("SSL");
            }
        } finally {
            current.set(before);
        }
    }

    @Test
    void theSubjectOfAClientsCertificateIsItsPrincipal() throws Exception {
        TestKeys client = TestKeys.create(directory, "meter");
        SslContext asking = keys.serverFor(client);
        try (InProcessBroker strict = InProcessBroker.options()
                .tls(spec -> asking)
                .clientAuth(ClientAuth.REQUIRED)
                .start()) {
            Properties unnamed = config(keys);
            unnamed.put("bootstrap.servers", "127.0.0.1:" + strict.kafkaTlsPort());
            Properties named = new Properties();
            named.putAll(unnamed);
            named.putAll(Map.of(
                    "ssl.keystore.type",
                    "PKCS12",
                    "ssl.keystore.location",
                    client.store().toString(),
                    "ssl.keystore.password",
                    TestKeys.PASSWORD,
                    "ssl.key.password",
                    TestKeys.PASSWORD));
            try (Admin admin = Admin.create(named)) {
                assertThat(admin.describeCluster().nodes().get(20, TimeUnit.SECONDS))
                        .hasSize(1);
                assertThat(strict.server().connections().list(0, 10))
                        .isNotEmpty()
                        .allSatisfy(view -> assertThat(view.userName()).isEqualTo("CN=meter"));
            }
            try (Admin admin = Admin.create(unnamed)) {
                assertThatThrownBy(() -> admin.describeCluster().nodes().get(20, TimeUnit.SECONDS))
                        .hasMessageContaining("SslAuthenticationException");
            }
        }
    }

    @Test
    void whoSpeaksWithoutTlsIsClosed() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", broker.kafkaTlsPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
            // An alert may come first.
            while (socket.getInputStream().read() >= 0) {
                continue;
            }
            assertThat(broker.server().connections().size()).isGreaterThanOrEqualTo(0);
        }
    }

    @Test
    void kcatProducesAndConsumes() throws Exception {
        ClientTools.assumeInstalled();
        files.create("kept", "file", 1);
        ClientTools tools = new ClientTools(broker.tcpPort(), broker.kafkaTlsPort());
        String ca = "ssl.ca.location=" + keys.certificate();
        tools.run("one\ntwo\n", "kcat", "-X", "security.protocol=ssl", "-X", ca, "-P", "-t", "kept");
        assertThat(tools.run("", "kcat", "-X", "security.protocol=ssl", "-X", ca, "-C", "-t", "kept", "-e", "-q"))
                .isEqualTo("one\ntwo\n");
    }
}
