/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.app.RunningNode.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The distribution archive as a new user takes it: unpacked, prepared, started, used, looked at, stopped. The tests are its chapters,
 * because each start takes seconds.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the scripts are for a POSIX shell")
class DistributionIT {
    private static final int PATIENCE_SECONDS = 120;
    private static final Ports PORTS = Ports.free();

    @TempDir
    static Path directory;

    private static Path home;

    private record Ended(int code, String said) {}

    @BeforeAll
    static void unpack() throws Exception {
        Path archive = Path.of(System.getProperty("robustmq.archive", "target/absent.tar.gz"));
        assertThat(archive).isRegularFile();
        // A blank and a hyphen, as in many a real path.
        Path place = Files.createDirectory(directory.resolve("my node-1"));
        assertThat(run(
                                place,
                                Map.of(),
                                List.of("tar", "-xzf", archive.toAbsolutePath().toString()))
                        .code)
                .isZero();
        try (Stream<Path> top = Files.list(place)) {
            home = top.findFirst().orElseThrow();
        }
        StringBuilder config = new StringBuilder();
        PORTS.keys(Path.of("data"), Map.of())
                .forEach((key, value) ->
                        config.append(key).append(": ").append(value).append('\n'));
        Files.writeString(home.resolve("config/mine.yaml"), config);
    }

    @AfterAll
    static void stopWhatRuns() throws Exception {
        if (home != null) {
            server("stop", "config/mine.yaml");
        }
    }

    private static Ended run(Path place, Map<String, String> environment, List<String> command) throws Exception {
        Path said = Files.createTempFile(directory, "said", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends: %s", command, Files.readString(said))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(said));
    }

    private static Ended server(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "bin/robust-server"));
        command.addAll(List.of(arguments));
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
        return run(home, environment, command);
    }

    private static String mappedFiles(long pid) throws IOException {
        return Files.readString(Path.of("/proc", "" + pid, "maps"));
    }

    private static long pidOf(String said) {
        return Long.parseLong(said.replaceFirst("(?s).*process (\\d+).*", "$1"));
    }

    @Test
    @Order(1)
    void itHoldsWhatIsNeededAndRunsWhatIsMeantToRun() throws Exception {
        for (String file : List.of(
                "lib/robustmq.jar",
                "lib/drivers/postgresql.jar",
                "lib/drivers/jedis.jar",
                "lib/drivers/mongodb-driver-sync.jar",
                "config/jvm.options",
                "config/standalone.yaml",
                "config/cluster-node-3.yaml",
                "docs/configuration.md",
                "sbom/THIRD-PARTY.txt",
                "systemd/robustmq.service",
                "LICENSE",
                "NOTICE")) {
            assertThat(home.resolve(file)).isRegularFile();
        }
        for (String program : List.of("robust-server", "robust-ctl", "robust-bench")) {
            Path file = home.resolve("bin").resolve(program);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rwxr-xr-x");
        }
        assertThat(server()).satisfies(ended -> {
            assertThat(ended.code).isEqualTo(2);
            assertThat(ended.said).startsWith("Usage: robust-server start");
        });
        assertThat(server("start", "config/mine.yaml", "config/standalone.yaml").code)
                .isEqualTo(2);
        assertThat(server("start", "config/absent.yaml").said).contains("cannot read config/absent.yaml");
        assertThat(server("status", "config/mine.yaml")).isEqualTo(new Ended(3, "mine does not run\n"));
        assertThat(server("stop", "config/mine.yaml")).isEqualTo(new Ended(0, "mine does not run\n"));
        assertThat(server("wait", "config/mine.yaml").code).isEqualTo(1);
    }

    @DisabledIfSystemProperty(
            named = "robustmq.network",
            matches = "offline=true",
            disabledReason = "the bill needs a network")
    @Test
    @Order(1)
    void theBillOfMaterialsNamesEveryLibraryWithItsLicence() throws Exception {
        JsonNode bill = JsonMapper.shared().readTree(Files.readString(home.resolve("sbom/robustmq.cdx.json")));
        assertThat(bill.path("bomFormat").asString("")).isEqualTo("CycloneDX");
        String libraries = bill.path("components").toString();
        assertThat(libraries)
                .contains("pkg:maven/org.rocksdb/rocksdbjni@", "pkg:maven/io.netty/netty-handler@", "Apache-2.0")
                .doesNotContain("junit", "hivemq-mqtt-client");
        String report = Files.readString(home.resolve("sbom/THIRD-PARTY.txt"));
        for (JsonNode library : bill.path("components")) {
            String group = library.path("group").asString("");
            if (!group.startsWith("io.robustmq")) {
                assertThat(report).contains(group + ":" + library.path("name").asString("") + ":");
            }
        }
    }

    @Test
    @Order(2)
    void aPreparedNodeStartsServesAndStops() throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mosquitto_pub"))),
                "Mosquitto's clients are not installed (apt-get install mosquitto-clients)");
        Ended prepared = server("prepare");
        assertThat(prepared.code).as(prepared.said).isZero();
        assertThat(prepared.said).contains("prepare is ready", "done: ");

        Ended started = server("start", "config/mine.yaml");
        assertThat(started.code).as(started.said).isZero();
        assertThat(started.said).contains("mine is starting", "mine is ready", "admin port " + PORTS.admin());
        assertThat(started.said).doesNotContain("ignored").containsIgnoringCase("password");
        assertThat(home.resolve("logs/mine.out"))
                .as("the password of the first start is told and not kept")
                .isEmptyFile();
        long pid = pidOf(started.said);
        assertThat(mappedFiles(pid)).as("the archive is in use").containsPattern("robustmq-\\d+\\.(jsa|aot)");
        assertThat(home.resolve("data")).as("relative to the distribution").isDirectory();
        assertThat(server("start", "config/mine.yaml"))
                .isEqualTo(new Ended(0, "mine runs already and is ready: process " + pid + "\n"));
        assertThat(server("wait", "config/mine.yaml").code).isZero();
        assertThat(server("status", "config/mine.yaml"))
                .isEqualTo(new Ended(0, "mine is ready: process " + pid + ", admin port " + PORTS.admin() + "\n"));

        messageGoesThrough();
        assertThat(run(
                                home,
                                Map.of(),
                                List.of("bin/robust-ctl", "--server", "127.0.0.1:" + PORTS.admin(), "topics", "list"))
                        .said)
                .contains("mqtt");
        assertThat(run(home, Map.of(), List.of("bin/robust-bench", "--help")).said)
                .contains("Usage");

        assertThat(server("stop", "config/mine.yaml"))
                .isEqualTo(new Ended(0, "mine is stopping: process " + pid + "\nmine has stopped\n"));
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(server("status", "config/mine.yaml").code).isEqualTo(3);
        assertThat(home.resolve("logs/mine.log")).content().contains("is ready");
    }

    private static void messageGoesThrough() throws Exception {
        String topic = "greetings/1";
        assertThat(run(home, Map.of(), mosquitto("mosquitto_pub", topic, "-r", "-m", "hello")).code)
                .isZero();
        Ended received = run(home, Map.of(), mosquitto("mosquitto_sub", topic, "-C", "1", "-W", "60"));
        assertThat(received).isEqualTo(new Ended(0, "hello\n"));
    }

    private static List<String> mosquitto(String program, String topic, String... more) {
        List<String> command = new ArrayList<>(
                List.of(program, "-h", "127.0.0.1", "-p", "" + PORTS.tcp(), "-V", "5", "-q", "1", "-t", topic));
        command.addAll(List.of(more));
        return command;
    }

    /** As docs/backup.md says it. */
    @Test
    @Order(3)
    void theDirectoryOfAStoppedNodeIsItsBackup() throws Exception {
        assumeTrue(Files.isDirectory(home.resolve("data")), "the node has not run");
        for (String command : List.of(
                "tar -czf robustmq-backup.tar.gz data", "mv data data.before", "tar -xzf robustmq-backup.tar.gz")) {
            assertThat(run(home, Map.of(), List.of("sh", "-c", command)).code)
                    .as(command)
                    .isZero();
        }
        Ended started = server("start", "config/mine.yaml");
        assertThat(started.code).as(started.said).isZero();
        assertThat(started.said).as("its accounts are those of before").doesNotContain("password");
        assertThat(run(home, Map.of(), mosquitto("mosquitto_sub", "greetings/1", "-C", "1", "-W", "60")))
                .isEqualTo(new Ended(0, "hello\n"));
        assertThat(server("stop", "config/mine.yaml").code).isZero();
    }

    /** The script is what a new user types; it says itself what it expects. */
    @Test
    @Order(4)
    void aNewUserSecuresANodeAndSeesWhatIsDenied() throws Exception {
        for (String program : List.of("openssl", "mosquitto_pub", "kcat")) {
            assumeTrue(
                    Arrays.stream(System.getenv("PATH").split(":"))
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
                    program + " is not installed (apt-get install openssl mosquitto-clients kcat)");
        }
        Ports more = Ports.free();
        Map<String, String> environment = Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                "ADMIN", "" + PORTS.admin(),
                "RPC", "" + PORTS.rpc(),
                "MQTT", "" + PORTS.tcp(),
                "MQTTS", "" + more.tcp(),
                "WS", "" + PORTS.webSocket(),
                "KAFKA", "" + PORTS.kafka(),
                "KAFKAS", "" + more.kafka());
        Path script = Path.of("src", "test", "scripts", "new-user.sh").toAbsolutePath();
        try {
            Ended tour = run(home, environment, List.of("bash", script.toString()));
            assertThat(tour.said).endsWith("== done\n");
            assertThat(tour.code).isZero();
        } finally {
            server("stop", "config/tour.yaml");
        }
    }

    /** Other options are another archive's; the node that is told nonsense ends at once. */
    @Test
    @Order(5)
    void anArchiveThatDoesNotFitIsLeftOutAndAFailedStartIsTold() throws Exception {
        Files.writeString(
                home.resolve("config/jvm.options"), Files.readString(home.resolve("config/jvm.options")) + "\n#\n");
        Ended refused = server("start", "config/mine.yaml", "--robustmq.nonsense=1");
        assertThat(refused.code).as(refused.said).isEqualTo(1);
        assertThat(refused.said)
                .contains("robustmq.nonsense", "mine did not start")
                .contains("is ignored: run robust-server prepare");
        assertThat(home.resolve("run")).isEmptyDirectory();
    }

    @Test
    @Order(6)
    void aNodeThatDiedIsCalledDead() throws Exception {
        Files.writeString(home.resolve("run/mine.pid"), ProcessHandle.current().pid() + "\n");
        Ended status = server("status", "config/mine.yaml");
        assertThat(status.code).isEqualTo(1);
        assertThat(status.said).contains("mine has died");
        assertThat(server("stop", "config/mine.yaml").code).isZero();
        assertThat(home.resolve("run")).isEmptyDirectory();
    }
}
