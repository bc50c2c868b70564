/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the files for containers and systemd promise, read from the files: no engine runs where this is tested. */
class DeploymentFilesTest {
    private static final Path DOCKER = Path.of("docker");

    /** Instructions with their arguments, continued lines joined. */
    private static List<String> dockerfile() throws Exception {
        String joined = Files.readString(DOCKER.resolve("Dockerfile"))
                .replaceAll("(?m)^#.*\n", "")
                .replaceAll("\\\\\n\\s*", "");
        return joined.lines().filter(line -> !line.isBlank()).toList();
    }

    private static String the(String instruction) throws Exception {
        List<String> found = dockerfile().stream()
                .filter(line -> line.startsWith(instruction + " "))
                .toList();
        assertThat(found).as(instruction).hasSize(1);
        return found.get(0).substring(instruction.length() + 1);
    }

    @Test
    void theImageRunsANodeAsNobodyInParticular() throws Exception {
        assertThat(the("FROM")).startsWith("eclipse-temurin:25-jre");
        assertThat(the("USER")).isEqualTo("10001:10001");
        List<String> instructions = dockerfile();
        assertThat(instructions.indexOf("USER 10001:10001"))
                .as("nothing is built as root after it, and the node starts behind it")
                .isGreaterThan(lastOf(instructions, "RUN "))
                .isGreaterThan(lastOf(instructions, "ADD "))
                .isLessThan(lastOf(instructions, "ENTRYPOINT "));
        assertThat(the("ENTRYPOINT")).isEqualTo("[\"robust-server\", \"start\", \"--foreground\"]");
        assertThat(the("HEALTHCHECK")).contains("CMD [\"robust-server\", \"status\"]");
        assertThat(the("EXPOSE").split(" ")).containsExactly("1883", "8083", "9092", "58080");
        assertThat(the("VOLUME")).contains("/var/lib/robustmq", "/tmp");
        assertThat(the("STOPSIGNAL")).isEqualTo("SIGTERM");
        assertThat(String.join("\n", instructions))
                .contains("robust-server prepare")
                .doesNotContain("chmod 777", "sudo");
    }

    private static int lastOf(List<String> lines, String prefix) {
        int last = -1;
        for (int i = 0; i < lines.size(); i++) {
            last = lines.get(i).startsWith(prefix) ? i : last;
        }
        return last;
    }

    @Test
    void theImageGetsTheArchiveAndNothingElseOfTheRepository() throws Exception {
        List<String> ignore = Files.readAllLines(Path.of("../.dockerignore")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(ignore).startsWith("*");
        List<String> let = ignore.stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        assertThat(let)
                .containsExactlyInAnyOrderElementsOf(Stream.of("ADD", "COPY")
                        .map(instruction -> {
                            try {
                                return the(instruction).split(" ")[0];
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        })
                        .toList());
        assertThat(Path.of("..", let.get(1))).isRegularFile();
    }

    @Test
    void theNodeOfTheImageOpensItsInnerPortToNobody() throws Exception {
        Object config = Yamls.file(DOCKER.resolve("robustmq.yaml"));
        assertThat(Yamls.at(config, "robustmq/bind-address")).isEqualTo("0.0.0.0");
        assertThat(Yamls.at(config, "robustmq/rpc/bind-address")).isEqualTo("127.0.0.1");
        assertThat(Yamls.at(config, "robustmq/data-dir")).isEqualTo("/var/lib/robustmq");
    }

    @Test
    @SuppressWarnings("unchecked")
    void composeIsForThisMachineOnlyAndFitsTogether() throws Exception {
        Object compose = Yamls.file(DOCKER.resolve("compose.yaml"));
        Map<String, Object> services = (Map<String, Object>) Yamls.at(compose, "services");
        assertThat(services).containsOnlyKeys("robustmq", "prometheus", "grafana");
        for (var service : services.entrySet()) {
            assertThat((List<String>) Yamls.at(service.getValue(), "ports"))
                    .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"));
            assertThat(Yamls.at(service.getValue(), "security_opt").toString()).contains("no-new-privileges");
            assertThat(Yamls.at(service.getValue(), "cap_drop").toString()).isEqualTo("[ALL]");
            for (String volume : (List<String>) Yamls.at(service.getValue(), "volumes")) {
                String source = volume.substring(0, volume.indexOf(':'));
                if (source.equals("./admin-password")) {
                    continue; // made by whoever starts it: docs/install.md
                }
                if (source.startsWith(".")) {
                    assertThat(DOCKER.resolve(source)).exists();
                } else {
                    assertThat(Yamls.at(compose, "volumes").toString()).contains(source);
                }
            }
        }
        assertThat(Yamls.at(compose, "services/robustmq/read_only")).isEqualTo(true);
        assertThat(Yamls.at(compose, "services/robustmq/tmpfs").toString()).contains("/tmp:exec");
        Object prometheus = Yamls.file(DOCKER.resolve("prometheus.yml"));
        assertThat(Yamls.at(prometheus, "scrape_configs/0/static_configs/0/targets/0"))
                .isEqualTo("robustmq:58080");
        assertThat(Yamls.at(prometheus, "scrape_configs/0/metrics_path")).isEqualTo("/actuator/prometheus");
        assertThat(Yamls.at(
                        Yamls.file(DOCKER.resolve("grafana/provisioning/datasources/prometheus.yaml")),
                        "datasources/0/url"))
                .isEqualTo("http://prometheus:9090");
    }

    @Test
    void theUnitOfSystemdIsHardened() throws Exception {
        Map<String, List<String>> unit = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("systemd/robustmq.service"))) {
            int equals = line.indexOf('=');
            if (!line.startsWith("#") && equals > 0) {
                unit.computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
        assertThat(unit)
                .containsEntry("User", List.of("robustmq"))
                .containsEntry("Type", List.of("exec"))
                .containsEntry("NoNewPrivileges", List.of("yes"))
                .containsEntry("ProtectSystem", List.of("strict"))
                .containsEntry("CapabilityBoundingSet", List.of(""))
                .containsEntry("SuccessExitStatus", List.of("143"))
                .containsEntry("Restart", List.of("on-failure"));
        assertThat(unit.get("ExecStart").get(0)).contains("robust-server start --foreground");
        assertThat(unit.get("ExecStartPost")).containsExactly("/opt/robustmq/bin/robust-server wait");
        assertThat(unit).as("Java compiles while it runs").doesNotContainKey("MemoryDenyWriteExecute");
        for (String place : List.of("RuntimeDirectory", "StateDirectory", "LogsDirectory", "ConfigurationDirectory")) {
            assertThat(unit).containsEntry(place, List.of("robustmq"));
        }
    }
}
