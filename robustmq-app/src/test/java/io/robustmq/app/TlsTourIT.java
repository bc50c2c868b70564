/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/mqtt.md says about TLS, done as it is written, and the keys renewed while the node runs. */
class TlsTourIT {
    private static final Path PAGE = Path.of("..", "docs", "mqtt.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^<!-- tls: (\\w+) -->\n```\\w+\n(.*?)\n```$");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String JAR = "robustmq.jar";

    @TempDir
    Path temp;

    private final RunningNode.Ports ports = RunningNode.Ports.free();
    private final int tlsPort = freePort();
    private final Map<String, String> page = new LinkedHashMap<>();
    private RunningNode node;
    private Process listener;

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        for (String program : new String[] {"mosquitto_pub", "openssl"}) {
            assumeTrue(
                    Arrays.stream(System.getenv("PATH").split(":"))
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
                    program + " is not installed (apt-get install mosquitto-clients openssl)");
        }
        Matcher matcher = BLOCK.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            page.put(matcher.group(1), matcher.group(2));
        }
        assertThat(page).containsOnlyKeys("keys", "config", "start", "listen", "publish");
        run(page.get("keys"));
        Files.writeString(temp.resolve("tls.yaml"), page.get("config"));
        String command = page.get("start");
        assertThat(command).contains("java -jar " + JAR);
        StringBuilder line = new StringBuilder("exec ")
                .append(command.replace(
                        "java -jar " + JAR,
                        "java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "
                                + Path.of(System.getProperty("robustmq.jar", "target/robustmq.jar"))
                                        .toAbsolutePath()));
        ports.keys(
                        temp.resolve("data"),
                        Map.of(
                                "robustmq.mqtt.tls.port",
                                "" + tlsPort,
                                "robustmq.mqtt.websocket-tls.port",
                                "0",
                                "spring.ssl.bundle.watch.file.quiet-period",
                                "100ms"))
                .forEach((key, value) ->
                        line.append(" --").append(key).append('=').append(value));
        node = RunningNode.launch(shell(line.toString()), temp.resolve("node.log"), ports)
                .awaitReady();
    }

    @AfterEach
    void stop() throws Exception {
        if (listener != null) {
            listener.destroyForcibly();
        }
        if (node != null) {
            node.close();
        }
    }

    private ProcessBuilder shell(String command) {
        return new ProcessBuilder("bash", "-euo", "pipefail", "-c", command.replace("-p 8883", "-p " + tlsPort))
                .directory(temp.toFile());
    }

    private String run(String commands) throws Exception {
        Path output = Files.createTempFile(temp, "run", ".log");
        Process process = shell(commands)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    private void await(Path file, String text) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(file).contains(text)) {
            assertThat(System.nanoTime())
                    .as("'%s' in %s", text, Files.readString(file))
                    .isLessThan(deadline);
            assertThat(listener.waitFor(20, TimeUnit.MILLISECONDS))
                    .as(Files.readString(file))
                    .isFalse();
        }
    }

    @Test
    void everyCommandDoesWhatIsSaidAndKeysAreRenewed() throws Exception {
        Path heard = temp.resolve("heard");
        listener = shell("exec " + page.get("listen").replace("mosquitto_sub ", "stdbuf -oL mosquitto_sub -d "))
                .redirectErrorStream(true)
                .redirectOutput(heard.toFile())
                .start();
        await(heard, "Subscribed");
        run(page.get("publish"));
        await(heard, "plant/1/temp 21.5");
        assertThat(node.ctl("connections", "list").ok()).contains("meter-7").contains("mqtt-tls");
        assertThat(node.ctl("connections", "list", "--user", "meter-7").ok()).contains("meter");

        String before = shown();
        String[] keys = page.get("keys").split("\n");
        Path log = temp.resolve("node.log");
        // A new key first, as in the middle of a renewal: it does not belong to the certificate.
        run(keys[1]);
        await(log, "cannot be used; the one before stays");
        assertThat(shown()).isEqualTo(before);
        run(keys[3]);
        await(log, "was reloaded");
        assertThat(shown()).isNotEqualTo(before);
        run(page.get("publish").replace("21.5", "22.5"));
        await(heard, "plant/1/temp 22.5");
    }

    /** The serial number of the certificate that a new connection is shown. */
    private String shown() throws Exception {
        return run("openssl s_client -connect localhost:" + tlsPort
                + " </dev/null 2>/dev/null | openssl x509 -noout -serial");
    }
}
