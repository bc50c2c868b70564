/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Programs of Kafka in a Java of their own, with jars of another version than ours; the build puts those into {@code
 * target/kafka-clients} and {@code target/kafka-tools}. Stateless.
 */
final class ForkedJava {
    private static final int SECONDS_MAX = 60;

    private ForkedJava() {}

    record Output(int exitCode, String text) {}

    /** The client of that version, with the codecs that our own tests have, and the classes of these tests. */
    static String client(String version) {
        Path jar = Path.of("target", "kafka-clients", "kafka-clients-" + version + ".jar");
        assertThat(jar).as("put there by the build").exists();
        return jar.toAbsolutePath() + File.pathSeparator + codecs() + File.pathSeparator + testClasses();
    }

    static String tools() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("target", "kafka-tools"))) {
            return jars.map(jar -> jar.toAbsolutePath().toString()).collect(Collectors.joining(File.pathSeparator))
                    + File.pathSeparator
                    + codecs();
        }
    }

    private static Path testClasses() {
        return Path.of("target", "test-classes").toAbsolutePath();
    }

    private static String codecs() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> {
                    String name = Path.of(entry).getFileName().toString();
                    return name.startsWith("zstd-jni")
                            || name.startsWith("lz4-java")
                            || name.startsWith("snappy-java")
                            || name.startsWith("slf4j-api");
                })
                .collect(Collectors.joining(File.pathSeparator));
    }

    static Output run(String classPath, String input, String main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                main));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().close();
        process.onExit().orTimeout(SECONDS_MAX, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        return new Output(process.exitValue(), text);
    }
}
