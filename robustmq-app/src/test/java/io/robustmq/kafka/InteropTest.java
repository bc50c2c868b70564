/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each row of the table in {@code docs/interop.md}, by its name, both ways. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InteropTest {
    private static final String HEARD = "heard|";

    private static InProcessBroker broker;
    private static ClientTools tools;

    @BeforeAll
    static void start() {
        ClientTools.assumeInstalled();
        broker = InProcessBroker.start();
        tools = ClientTools.of(broker);
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
            assertThat(broker.budget().usedBytes()).isZero();
        }
    }

    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    private static void create(String name) {
        broker.create(new TopicRequest(Tenants.DEFAULT, name, 1, List.of(), null, Map.of()));
    }

    private static void publish(String subject, String... more) throws Exception {
        tools.run("", "mosquitto_pub", all(List.of("-V", "5", "-q", "1", "-t", subject), more));
    }

    private static void produce(String input, String topic, String... more) throws Exception {
        tools.run(input, "kcat", all(List.of("-P", "-t", topic), more));
    }

    private static String consume(String topic, String format) throws Exception {
        return tools.run("", "kcat", "-C", "-t", topic, "-e", "-f", format + "\\n");
    }

    private static String[] all(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** What one subscriber prints while something is done, until it has heard so much. */
    private static List<String> heard(String filter, String format, int count, Action action) throws Exception {
        return heard(tools, filter, format, count, action);
    }

    private static List<String> heard(ClientTools by, String filter, String format, int count, Action action)
            throws Exception {
        String[] arguments = all(
                List.of("-V", "5", "-t", filter, "-q", "1", "-d", "-C", "" + count, "-F", HEARD + format),
                // What other tests have retained is not meant.
                filter.equals("#") ? new String[] {"-R"} : new String[0]);
        Process subscriber = by.start("mosquitto_sub", arguments);
        try (BufferedReader output = new BufferedReader(new InputStreamReader(subscriber.getInputStream(), UTF_8))) {
            ClientTools.await(output, "Subscribed");
            action.run();
            return output.lines()
                    .filter(line -> line.startsWith(HEARD))
                    .map(line -> line.substring(HEARD.length()))
                    .toList();
        } finally {
            subscriber.destroy();
        }
    }

    private static void send(ProducerRecord<byte[], byte[]> message) throws Exception {
        Properties config = new Properties();
        config.put("bootstrap.servers", "127.0.0.1:" + tools.kafkaPort());
        config.put("enable.idempotence", "false");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(message).get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("subject")
    void subject() throws Exception {
        publish("i/subject/1", "-m", "a");
        assertThat(consume("i.subject.1", "%k %s")).isEqualTo("i/subject/1 a\n");
        assertThat(consume("mqtt", "%k %s").lines()).contains("i/subject/1 a");
        create("i.subject.bound");
        publish("i/subject/bound", "-m", "b");
        assertThat(consume("i.subject.bound", "%K %s")).isEqualTo("-1 b\n");

        assertThat(heard("i/subject/bound", "%t %p", 1, () -> produce("c\n", "i.subject.bound")))
                .containsExactly("i/subject/bound c");
        assertThat(heard("i.subject.bound", "%t %p", 1, () -> produce("d\n", "i.subject.bound")))
                .containsExactly("i.subject.bound d");
    }

    @Test
    @DisplayName("value")
    void value() throws Exception {
        Path bytes = Files.createTempFile("value", ".bin");
        Files.write(bytes, new byte[] {0, -1, 10, 13, 65});
        publish("i/value", "-f", bytes.toString());
        Files.delete(bytes);
        assertThat(tools.run("", "kcat", "-C", "-t", "i.value", "-e", "-f", "%S "))
                .isEqualTo("5 ");
        assertThat(broker.records("mqtt"))
                .filteredOn(record -> record.subject().equals("i/value"))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).containsExactly(0, -1, 10, 13, 65));

        assertThat(heard("i/value", "%x", 1, () -> send(new ProducerRecord<>("i.value", new byte[] {0, -1, 10, 65}))))
                .containsExactly("00ff0a41");
    }

    @Test
    @DisplayName("no value")
    void noValue() throws Exception {
        publish("i/nothing", "-n");
        assertThat(consume("i.nothing", "%S")).isEqualTo("0\n");

        assertThat(heard("i/nothing", "%l", 1, () -> send(new ProducerRecord<>("i.nothing", null))))
                .containsExactly("0");
        assertThat(consume("i.nothing", "%S")).isEqualTo("0\n-1\n");
    }

    @Test
    @DisplayName("key")
    void key() throws Exception {
        create("i.key.bound");
        publish("i/key/bound", "-m", "a", "-D", "publish", "user-property", "key", "k1");
        assertThat(consume("i.key.bound", "%k %s %h")).isEqualTo("k1 a \n");
        publish("i/key/free", "-m", "b", "-D", "publish", "user-property", "key", "k2");
        assertThat(consume("i.key.free", "%k %s %h")).isEqualTo("i/key/free b rmq.key=k2\n");

        assertThat(heard("i/key/+", "%p %P", 3, () -> {
                    produce("k3:c\n", "i.key.bound", "-K:");
                    produce("d\n", "i.key.bound");
                    produce("k4:e\n", "i.key.free", "-K:");
                }))
                .containsExactly("c key:k3", "d ", "e key:k4");
        assertThat(consume("i.key.free", "%k %h").lines().toList().get(1))
                .isEqualTo("i.key.free rmq.key=k4,rmq.spelling=.");
    }

    @Test
    @DisplayName("headers")
    void headers() throws Exception {
        publish(
                "i/headers",
                all(
                        List.of("-m", "a", "-D", "publish", "user-property", "b", "1"),
                        "-D",
                        "publish",
                        "user-property",
                        "a",
                        "2",
                        "-D",
                        "publish",
                        "user-property",
                        "rmq.qos",
                        "7"));
        assertThat(consume("i.headers", "%s %h")).isEqualTo("a b=1,a=2\n");

        create("i.headers.bound");
        assertThat(heard(
                        "i/headers/bound",
                        "%p %P",
                        1,
                        () -> produce(
                                "c\n",
                                "i.headers.bound",
                                "-H",
                                "z=26",
                                "-H",
                                "empty",
                                "-H",
                                "rmq.qos=0",
                                "-H",
                                "y=25")))
                .containsExactly("c z:26 empty: y:25");
        ProducerRecord<byte[], byte[]> reserved = new ProducerRecord<>("i.headers", "d".getBytes(UTF_8));
        reserved.headers().add("rmq.key", "x".getBytes(UTF_8));
        assertThatThrownBy(() -> send(reserved))
                .hasRootCauseInstanceOf(InvalidRecordException.class)
                .hasStackTraceContaining("rmq.key");
    }

    @Test
    @DisplayName("binary headers")
    void binaryHeaders() throws Exception {
        create("i.binary");
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>("i.binary", "a".getBytes(UTF_8));
        message.headers()
                .add("broken", new byte[] {-1})
                .add("zero", new byte[] {65, 0})
                .add("fine", "ü".getBytes(UTF_8));
        long before = broker.counters().headersLeftOut.sum();
        assertThat(heard("i/binary", "%p %P", 1, () -> send(message))).containsExactly("a fine:ü");
        assertThat(broker.counters().headersLeftOut.sum() - before).isEqualTo(2);
    }

    @Test
    @DisplayName("content type")
    void contentType() throws Exception {
        publish("i/type", "-m", "{}", "-D", "publish", "content-type", "application/json");
        assertThat(consume("i.type", "%h")).isEqualTo("rmq.content-type=application/json\n");

        assertThat(heard("i/type", "%p|%C|%P", 1, () -> produce("x\n", "i.type", "-H", "content-type=a/b")))
                .containsExactly("x||content-type:a/b");
    }

    @Test
    @DisplayName("request and response")
    void requestAndResponse() throws Exception {
        publish(
                "i/request",
                all(
                        List.of("-m", "q", "-D", "publish", "response-topic", "i/answer"),
                        "-D",
                        "publish",
                        "correlation-data",
                        "c1"));
        assertThat(consume("i.request", "%h")).isEqualTo("rmq.reply-to=i/answer,rmq.correlation-id=c1\n");

        assertThat(heard("i/request", "%p|%R|%D", 1, () -> produce("x\n", "i.request")))
                .containsExactly("x||");
    }

    @Test
    @DisplayName("payload format")
    void payloadFormat() throws Exception {
        publish("i/format", "-m", "text", "-D", "publish", "payload-format-indicator", "1");
        assertThat(consume("i.format", "%h")).isEqualTo("rmq.mqtt=\u0001\n");

        assertThat(heard("i/format", "%p|%F", 1, () -> produce("x\n", "i.format")))
                .containsExactly("x|");
    }

    @Test
    @DisplayName("expiry")
    void expiry() throws Exception {
        long before = System.currentTimeMillis();
        publish("i/expiry", "-m", "x", "-D", "publish", "message-expiry-interval", "60");
        String header = consume("i.expiry", "%h").trim();
        assertThat(header).startsWith("rmq.expires=");
        assertThat(Long.parseLong(header.substring(header.indexOf('=') + 1)))
                .isBetween(before + 60_000, System.currentTimeMillis() + 60_000);

        assertThat(heard("i/expiry", "%p|%E", 1, () -> produce("y\n", "i.expiry")))
                .containsExactly("y|");
    }

    @Test
    @DisplayName("quality of service")
    void qualityOfService() throws Exception {
        publish("i/qos", "-m", "one");
        tools.run("", "mosquitto_pub", "-t", "i/qos", "-m", "none", "-q", "0");
        tools.run("", "mosquitto_pub", "-t", "i/qos", "-m", "two", "-q", "2");
        assertThat(consume("i.qos", "%s %h")).isEqualTo("one \nnone rmq.qos=0\ntwo rmq.qos=2\n");

        assertThat(heard("i/qos", "%p %q", 1, () -> produce("x\n", "i.qos"))).containsExactly("x 1");
    }

    @Test
    @DisplayName("retained")
    void retained() throws Exception {
        publish("i/retained", "-m", "kept", "-r");
        assertThat(consume("i.retained", "%s %h")).isEqualTo("kept rmq.retain=1\n");

        create("i.retained.not");
        produce("x\n", "i.retained.not");
        assertThat(heard("i/retained/#", "%t %p %r", 2, () -> produce("y\n", "i.retained.not")))
                .containsExactly("i/retained kept 1", "i/retained/not y 0");
    }

    @Test
    @DisplayName("time")
    void time() throws Exception {
        long before = System.currentTimeMillis();
        publish("i/time", "-m", "a");
        assertThat(Long.parseLong(consume("i.time", "%T").trim())).isBetween(before, System.currentTimeMillis());

        send(new ProducerRecord<>("i.time", null, 1_000_000L, null, "b".getBytes(UTF_8)));
        assertThat(consume("i.time", "%T %s").lines().toList().get(1)).isEqualTo("1000000 b");
    }

    @Test
    @DisplayName("compression")
    void compression() throws Exception {
        publish("i/packed", "-m", "a");
        for (String codec : List.of("gzip", "snappy", "lz4", "zstd")) {
            String text = "x".repeat(5_000) + codec;
            assertThat(heard("i/packed", "%p", 1, () -> produce(text + "\n", "i.packed", "-z", codec)))
                    .containsExactly(text);
        }
        assertThat(consume("i.packed", "%S")).isEqualTo("1\n5004\n5006\n5003\n5004\n");
    }

    @Test
    @DisplayName("spelling")
    void spelling() throws Exception {
        publish("i//empty", "-m", "a");
        publish("i/white space", "-m", "b");
        assertThat(consume("mqtt", "%k %s").lines()).contains("i//empty a", "i/white space b");
        assertThat(tools.run("", "kcat", "-L", "-m", "20", "-t", "i..empty", "-X", "allow.auto.create.topics=false"))
                .contains("Unknown topic or partition");

        publish("i/spelled", "-m", "c");
        produce("d\n", "i.spelled");
        assertThat(consume("mqtt", "%k %s %h").lines()).contains("i/spelled c ", "i.spelled d rmq.spelling=.");
    }

    @Test
    @DisplayName("private subjects")
    void privateSubjects() throws Exception {
        publish("_INBOX/1", "-m", "a");
        publish("$private/1", "-m", "b");
        assertThat(consume("mqtt", "%k")).doesNotContain("_INBOX", "private");
        for (String name : List.of("_INBOX.1", "__internal")) {
            assertThat(tools.run("", "kcat", "-L", "-m", "20", "-t", name))
                    .contains("\"" + name + "\" with 0 partitions");
        }
    }

    @Test
    @DisplayName("everything")
    void everything() throws Exception {
        publish("i/everything/1", "-m", "a");
        publish("i/everything/2", "-m", "b");
        assertThat(consume("mqtt", "%k %s").lines()).contains("i/everything/1 a", "i/everything/2 b");

        assertThat(heard("#", "%p", 1, () -> {
                    produce("unheard\n", "i.everything.1");
                    publish("i/everything/3", "-m", "heard");
                }))
                .containsExactly("heard");
    }

    @Test
    void everythingIsHeardWhereWildcardsMayCross() throws Exception {
        try (InProcessBroker open = InProcessBroker.options().wildcardsCross().start()) {
            ClientTools there = ClientTools.of(open);
            Action produce = () -> {
                there.run("first\n", "kcat", "-P", "-t", "_plant.line1");
                there.run("heard\n", "kcat", "-P", "-t", "plant.line1");
                there.run("last\n", "kcat", "-P", "-t", "plant.line2");
            };
            // Both spellings match, so it is the published one.
            assertThat(heard(there, "#", "%t %p", 3, produce))
                    .containsExactly("_plant.line1 first", "plant.line1 heard", "plant.line2 last");
            assertThat(heard(there, "+/line1", "%t %p", 2, produce))
                    .containsExactly("_plant/line1 first", "plant/line1 heard");
        }
    }

    @Test
    void everyRowHasItsTest() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "interop.md"));
        List<String> rows = page.substring(page.indexOf("|---"), page.indexOf("## Views"))
                .lines()
                .skip(1)
                .filter(line -> line.startsWith("| "))
                .map(line -> line.substring(2, line.indexOf(" |", 2)))
                .toList();
        List<String> tests = Arrays.stream(InteropTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(DisplayName.class))
                .map(method -> method.getAnnotation(DisplayName.class).value())
                .toList();
        assertThat(rows).isNotEmpty().containsExactlyInAnyOrderElementsOf(tests);
    }
}
