/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.ClientTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour of docs/security.md, as it is written but for ports and places, and once more after a {@code kill -9}. */
class SecurityTourIT {
    private static final Path PAGE = Path.of("..", "docs", "security.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^<!-- security: (\\w+) -->\n```sh\n(.*?)\n```$");
    private static final Pattern REFUSAL = Pattern.compile("(?i)not authori[sz]ed|bad user name|denied");

    @TempDir
    Path temp;

    private final RunningNode.Ports ports = RunningNode.Ports.free();

    private record Done(int code, String output) {}

    private Done run(String line) throws Exception {
        String here = line.replace("localhost:9092", "127.0.0.1:" + ports.kafka())
                .replaceFirst("^(mosquitto_\\w+) ", "$1 -h 127.0.0.1 -p " + ports.tcp() + " ");
        Path output = Files.createTempFile(temp, "run", ".log");
        Process process = new ProcessBuilder("bash", "-c", "exec timeout 20 " + here)
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(line).isTrue();
        return new Done(process.exitValue(), Files.readString(output));
    }

    private void refused(String line) throws Exception {
        Done done = run(line);
        boolean said = REFUSAL.matcher(done.output).find();
        assertThat(said || done.code != 0 && line.startsWith("kcat"))
                .as("%s: %d %s", line, done.code, done.output)
                .isTrue();
    }

    @Test
    void everyCommandDoesWhatIsSaid() throws Exception {
        ClientTools.assumeInstalled();
        Map<String, List<String>> page = new LinkedHashMap<>();
        Matcher matcher = BLOCK.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            page.put(matcher.group(1), matcher.group(2).lines().toList());
        }
        assertThat(page).containsOnlyKeys("users", "allowed", "refused", "token", "carried", "beyond");
        Path password = temp.resolve("ann.password");
        try (RunningNode node = start("first", Map.of())) {
            assertThat(page.get("users").get(0)).isEqualTo("echo sesame > ann.password");
            Files.writeString(password, "sesame\n");
            for (String line : page.get("users").subList(1, page.get("users").size())) {
                assertThat(line).startsWith("ctl ");
                String[] words = line.substring(4)
                        .replace("ann.password", password.toString())
                        .split(" ");
                node.ctl(words).ok();
            }
            for (String line : page.get("allowed")) {
                Done done = run(line);
                assertThat(done.code).as("%s: %s", line, done.output).isZero();
                assertThat(line.startsWith("kcat")).isEqualTo(done.output.contains("21.5"));
            }
            for (String line : page.get("refused")) {
                refused(line);
            }
            assertThat(node.get("/actuator/users").body()).contains("ann").doesNotContain("sesame", "$argon2id$");
            assertThat(node.get("/actuator/prometheus").body())
                    .contains("robustmq_access_users 1.0", "robustmq_access_rules 2.0")
                    .contains("robustmq_access_logins_failed_total 1.0");
            node.kill();
        }
        script(String.join("\n", page.get("token")));
        String token = Files.readString(temp.resolve("meter-7.token")).strip();
        Map<String, String> tokens = Map.of(
                "robustmq.access.sources.jwt.secret-file",
                temp.resolve("jwt.secret").toString());
        try (RunningNode node = start("second", tokens)) {
            Done carried = run(page.get("carried").get(0));
            assertThat(carried.code).as(carried.output).isZero();
            for (String line : page.get("beyond")) {
                refused(line);
            }
            refused(page.get("refused").get(0));
            refused(page.get("refused").get(2));
            assertThat(run(page.get("allowed").get(0)).code).isZero();
            assertThat(node.ctl("acls", "list").ok()).contains("ann-plant", "no-secrets");
        }
        for (String log : new String[] {"first", "second"}) {
            assertThat(Files.readString(temp.resolve(log + ".log"))).doesNotContain("sesame", "$argon2id$", token);
        }
    }

    private void script(String lines) throws Exception {
        Process process = new ProcessBuilder("bash", "-euc", lines)
                .directory(temp.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private RunningNode start(String name, Map<String, String> settings) throws Exception {
        return RunningNode.launch(temp.resolve("data"), temp.resolve(name + ".log"), ports, Map.of(), settings)
                .awaitReady();
    }
}
