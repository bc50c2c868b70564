/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the jar of a release weighs, and that nothing was left out of it that a node on Linux loads. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere the jar carries all native code")
@DisabledIfSystemProperty(named = "natives", matches = ".+", disabledReason = "the jar carries all native code")
class ReleaseJarIT {
    /** The promise to whoever downloads it; docs/decisions/0030 says what could go next. */
    private static final long BYTES_MAX = 65L << 20;

    private static final Path JAR = Path.of(System.getProperty("robustmq.jar", "target/robustmq.jar"));

    @Test
    void itKeepsToItsSize() throws IOException {
        assertThat(Files.size(JAR)).isLessThanOrEqualTo(BYTES_MAX);
    }

    @Test
    void itHasTheNativeCodeOfBothKindsOfMachineAndNoOther() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> natives = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.matches(".*\\.(so|dll|jnilib|dylib|a|sl)"))
                    .map(name -> name.replaceFirst("-[0-9.-]+\\.so$", ".so"))
                    .toList();
            assertThat(natives)
                    .containsExactlyInAnyOrder(
                            "META-INF/native/libnetty_transport_native_epoll_aarch_64.so",
                            "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
                            "com/sun/jna/linux-aarch64/libjnidispatch.so",
                            "com/sun/jna/linux-x86-64/libjnidispatch.so",
                            "librocksdbjni-linux-aarch64.so",
                            "librocksdbjni-linux64.so",
                            "linux/aarch64/libzstd-jni.so",
                            "linux/amd64/libzstd-jni.so",
                            "net/jpountz/util/linux/aarch64/liblz4-java.so",
                            "net/jpountz/util/linux/amd64/liblz4-java.so",
                            "org/xerial/snappy/native/Linux/aarch64/libsnappyjava.so",
                            "org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so");
        }
    }

    @Test
    void whatWasThinnedOutWorksFromTheJarAlone(@TempDir Path directory) throws Exception {
        Path said = directory.resolve("said");
        run(directory, NativeProbe.class, directory.resolve("rocksdb").toString(), said.toString());
        assertThat(said)
                .content()
                .isEqualTo("zstd true\nsnappy true\nlz4 true\nrocksdb true\nepoll true\n"
                        + "argon2 true\nbcrypt true\npbkdf2 true\n");
    }

    @Test
    void whatLiesBesideTheJarIsAllThatDatabasesNeed(@TempDir Path directory) throws Exception {
        Path said = directory.resolve("said");
        run(directory, DriversProbe.class, said.toString(), "1", "1", "1", "none");
        assertThat(Files.readAllLines(said))
                .satisfiesExactly(
                        jdbc -> assertThat(jdbc).startsWith("jdbc SQLTransientConnectionException PSQLException"),
                        redis -> assertThat(redis).isEqualTo("redis JedisConnectionException"),
                        mongo -> assertThat(mongo).isEqualTo("mongodb MongoTimeoutException"));
    }

    /** Runs a program with the jar and the classes of the tests. */
    private static void run(Path directory, Class<?> program, String... arguments) throws Exception {
        Path log = directory.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                JAR + File.pathSeparator + "target/test-classes",
                program.getName()));
        command.addAll(List.of(arguments));
        Process probe = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(probe.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        assertThat(probe.exitValue()).as(Files.readString(log)).isZero();
    }
}
