/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.SslContext;
import io.robustmq.kafka.TestKeys;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.testkit.LeakExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** mosquitto_pub and mosquitto_sub as Debian has them: over TCP and TLS, in each version of MQTT. Confined to the test's thread. */
@ExtendWith(LeakExtension.class)
class MosquittoToolsTest {
    private static final String PREFIX = "got ";
    private static final String FORMAT = PREFIX + "%t=%p qos %q retained %r";

    @TempDir
    static Path directory;

    private static InProcessBroker broker;
    private static TestKeys keys;

    @BeforeAll
    static void startBroker() throws Exception {
        assumeTrue(
                installed("mosquitto_pub") && installed("mosquitto_sub"),
                "Mosquitto's clients are not installed and not tested (apt-get install mosquitto-clients)");
        keys = TestKeys.create(directory, "node");
        SslContext server = keys.server();
        broker = InProcessBroker.options().tls(spec -> server).start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    private static boolean installed(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /** A mosquitto_sub that is subscribed; one thread reads what it prints. */
    private record Subscriber(Process process, BlockingQueue<String> messages, BlockingQueue<String> log)
            implements AutoCloseable {
        static Subscriber start(String version, String... arguments) throws Exception {
            return formatted(version, FORMAT, arguments);
        }

        static Subscriber formatted(String version, String format, String... arguments) throws Exception {
            // Into a pipe the tool writes whole blocks; stdbuf is part of coreutils.
            List<String> command = new ArrayList<>(List.of("stdbuf", "-oL"));
            command.addAll(command("mosquitto_sub", version, "-d", "-F", format));
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            Subscriber subscriber = new Subscriber(process, new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());
            Thread reader = new Thread(subscriber::read, "mosquitto-sub-reader");
            reader.setDaemon(true);
            reader.start();
            subscriber.awaitSubscribed();
            return subscriber;
        }

        private void read() {
            try (BufferedReader output = process.inputReader()) {
                output.lines().forEach(line -> (line.startsWith(PREFIX) ? messages : log).add(line));
            } catch (UncheckedIOException | IOException e) {
                log.add("the output broke: " + e.getMessage());
            }
        }

        private void awaitSubscribed() throws InterruptedException {
            List<String> before = new ArrayList<>();
            for (String line = ""; !line.startsWith("Subscribed (mid"); before.add(line)) {
                line = log.poll(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                assertThat(line).as("what follows %s", before).isNotNull();
            }
        }

        List<String> messages(int count) throws InterruptedException {
            List<String> arrived = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String line = messages.poll(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                assertThat(line).as("a message after %s", arrived).isNotNull();
                arrived.add(line.substring(PREFIX.length()));
            }
            return arrived;
        }

        /** Without a goodbye. */
        void kill() {
            process.destroyForcibly();
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            assertThat(process.waitFor(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    private static List<String> command(String program, String version, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(program, "-h", "127.0.0.1", "-p", Integer.toString(broker.tcpPort()), "-V", version));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a tool to its end, with an input. */
    private static void run(String program, String version, byte[] input, String... arguments) throws Exception {
        Path output = Files.createTempFile(directory, program, ".log");
        Process process = new ProcessBuilder(command(program, version, arguments))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().write(input);
        process.getOutputStream().close();
        assertThat(process.waitFor(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    private static void publish(String version, String... arguments) throws Exception {
        run("mosquitto_pub", version, new byte[0], arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "311", "5"})
    void everyQosThroughWildcardsInOrder(String version) throws Exception {
        String root = "everyQos" + version;
        try (Subscriber subscriber =
                Subscriber.start(version, "-t", root + "/+/temp", "-t", root + "/deep/#", "-q", "2")) {
            publish(version, "-t", root + "/1/temp", "-m", "a", "-q", "0");
            publish(version, "-t", root + "/1/humidity", "-m", "nobody asked", "-q", "1");
            publish(version, "-t", root + "/2/temp", "-m", "b", "-q", "1");
            publish(version, "-t", root + "/deep/er", "-m", "c", "-q", "2");
            assertThat(subscriber.messages(3))
                    .containsExactly(
                            root + "/1/temp=a qos 0 retained 0",
                            root + "/2/temp=b qos 1 retained 0",
                            root + "/deep/er=c qos 2 retained 0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "311", "5"})
    void overTls(String version) throws Exception {
        String[] secure = {
            "-p",
            Integer.toString(broker.tlsPort()),
            "--cafile",
            keys.certificate().toString()
        };
        try (Subscriber subscriber = Subscriber.start(version, concat(secure, "-t", "tls/+", "-q", "2"))) {
            publish(version, concat(secure, "-t", "tls/" + version, "-m", "secret", "-q", "2"));
            publish(version, "-t", "tls/plain", "-m", "open", "-q", "1");
            assertThat(subscriber.messages(2))
                    .containsExactly("tls/" + version + "=secret qos 2 retained 0", "tls/plain=open qos 1 retained 0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "311", "5"})
    void membersOfAGroupShareUntilOneIsKilled(String version) throws Exception {
        String topic = "group" + version;
        String shared = "$share/g/" + topic;
        try (Subscriber one = Subscriber.start(version, "-t", shared, "-q", "1");
                Subscriber two = Subscriber.start(version, "-t", shared, "-q", "1")) {
            publish(version, "-t", topic, "-q", "1", "-m", "a");
            assertThat(one.messages(1)).containsExactly(topic + "=a qos 1 retained 0");
            publish(version, "-t", topic, "-q", "1", "-m", "b");
            assertThat(two.messages(1)).containsExactly(topic + "=b qos 1 retained 0");
            one.kill();
            for (String text : List.of("c", "d", "e")) {
                publish(version, "-t", topic, "-q", "1", "-m", text);
                assertThat(two.messages(1)).containsExactly(topic + "=" + text + " qos 1 retained 0");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "311", "5"})
    void aBurstOfLinesOfEachQos(String version) throws Exception {
        String topic = "burst" + version;
        List<String> texts = IntStream.range(0, 200).mapToObj(i -> "m" + i).toList();
        byte[] input = (String.join("\n", texts) + "\n").getBytes(StandardCharsets.UTF_8);
        try (Subscriber subscriber = Subscriber.start(version, "-t", topic, "-q", "2")) {
            for (int qos = 0; qos <= 2; qos++) {
                int sent = qos;
                run("mosquitto_pub", version, input, "-t", topic, "-q", "" + qos, "-l");
                assertThat(subscriber.messages(texts.size()))
                        .isEqualTo(texts.stream()
                                .map(text -> topic + "=" + text + " qos " + sent + " retained 0")
                                .toList());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "311", "5"})
    void retainedWillAndUnsubscribe(String version) throws Exception {
        String root = "kept" + version;
        publish(version, "-t", root + "/state", "-m", "on", "-q", "1", "-r");
        try (Subscriber watcher = Subscriber.start(version, "-t", root + "/#", "-q", "1")) {
            assertThat(watcher.messages(1)).containsExactly(root + "/state=on qos 1 retained 1");
            publish(version, "-t", root + "/state", "-n", "-q", "1", "-r");
            assertThat(watcher.messages(1)).containsExactly(root + "/state= qos 1 retained 0");
            Subscriber mortal = Subscriber.start(
                    version,
                    "-t",
                    "nothing",
                    "--will-topic",
                    root + "/will",
                    "--will-payload",
                    "gone",
                    "--will-qos",
                    "1");
            mortal.kill();
            assertThat(watcher.messages(1)).containsExactly(root + "/will=gone qos 1 retained 0");
            run("mosquitto_sub", version, new byte[0], "-t", root + "/#", "-U", root + "/#", "-E");
            publish(version, "-t", root + "/end", "-m", "e", "-q", "1");
            assertThat(watcher.messages(1)).containsExactly(root + "/end=e qos 1 retained 0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "311", "5"})
    void aSessionResumes(String version) throws Exception {
        String root = "session" + version;
        String[] who = {"-i", "sleeper" + version, "-c", "-t", root + "/#", "-q", "2"};
        run("mosquitto_sub", version, new byte[0], concat(who, "-E"));
        publish(version, "-t", root + "/a", "-m", "missed 1", "-q", "1");
        publish(version, "-t", root + "/a", "-m", "missed 2", "-q", "1");
        try (Subscriber sleeper = Subscriber.start(version, who)) {
            publish(version, "-t", root + "/a", "-m", "live", "-q", "1");
            assertThat(sleeper.messages(3))
                    .containsExactly(
                            root + "/a=missed 1 qos 1 retained 0",
                            root + "/a=missed 2 qos 1 retained 0",
                            root + "/a=live qos 1 retained 0");
        }
    }

    private static String[] concat(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "311", "5"})
    void aMegabyteFromAFile(String version) throws Exception {
        byte[] payload = new byte[1 << 20];
        new Random(7).nextBytes(payload);
        Path file = Files.write(directory.resolve("large" + version), payload);
        Path copy = directory.resolve("copy" + version);
        // The retained copy makes the order of the two programs certain.
        publish(version, "-t", "large" + version, "-f", file.toString(), "-q", "2", "-r");
        Process subscriber = new ProcessBuilder(
                        command("mosquitto_sub", version, "-t", "large" + version, "-q", "2", "-C", "1", "-N"))
                .redirectOutput(copy.toFile())
                .start();
        assertThat(subscriber.waitFor(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(subscriber.exitValue()).isZero();
        assertThat(copy).hasBinaryContent(payload);
    }

    @ParameterizedTest
    @ValueSource(strings = "5")
    void propertiesOfVersion5(String version) throws Exception {
        try (Subscriber subscriber =
                Subscriber.formatted(version, PREFIX + "%C|%D|%R|%F|%E|%P|%p", "-t", "props", "-q", "1")) {
            run("mosquitto_pub", version, new byte[0], properties());
            assertThat(subscriber.messages(1))
                    .containsExactly("text/plain|request-1|answer/here|1|3600|site:north unit:C|hello");
        }
    }

    private static String[] properties() {
        return ("-t props -m hello -q 1 -D publish content-type text/plain -D publish correlation-data request-1"
                        + " -D publish response-topic answer/here -D publish payload-format-indicator 1"
                        + " -D publish message-expiry-interval 3600 -D publish user-property site north"
                        + " -D publish user-property unit C")
                .split(" ");
    }
}
