/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the README's tour as a reader does: its commands in their order, as they are written, but for ports and places. A block
 * belongs to the tour when the line before it is {@code <!-- tour: what -->}. Confined to the test's thread.
 */
class ReadmeTourIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^<!-- tour: (\\w+) -->\n```sh\n(.*?)\n```$");
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String JAR = "robustmq-app/target/robustmq.jar";

    @TempDir
    Path temp;

    private final RunningNode.Ports ports = RunningNode.Ports.free();
    private final List<String> outputs = new ArrayList<>();
    private final List<Process> listeners = new ArrayList<>();
    private int nodes;

    private record Block(String what, String commands) {}

    private static List<Block> tour() throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(ROOT.resolve("README.md")));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    @Test
    void everyCommandDoesWhatIsSaid() throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mosquitto_pub"))),
                "Mosquitto's clients are not installed (apt-get install mosquitto-clients)");
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kcat"))),
                "kcat is not installed (apt-get install kcat)");
        List<Block> blocks = tour();
        assertThat(blocks)
                .extracting(Block::what)
                .startsWith("start", "listen", "run")
                .endsWith("kill", "run");
        Block start = blocks.get(0);
        RunningNode node = start(start);
        try {
            for (Block block : blocks.subList(1, blocks.size())) {
                switch (block.what) {
                    case "listen" -> listen(block);
                    case "run" -> outputs.add(run(block));
                    case "kill" -> {
                        // The one command that is not run as it is written: it would end other nodes of this machine.
                        assertThat(block.commands).isEqualTo("pkill -9 -f target/robustmq.jar");
                        node.kill();
                        node = start(start);
                    }
                    default -> throw new AssertionError("there is no way to take the block '" + block.what + "'");
                }
            }
        } finally {
            listeners.forEach(Process::destroyForcibly);
            node.close();
        }
        assertThat(heard()).contains("sensors/1/temp 21.5");
        assertThat(outputs.get(1)).contains("sensors/1/temp").contains("21.5").contains("\"status\":\"UP\"");
        assertThat(outputs.get(2))
                .contains("21.5\n")
                .contains("sensors/1/temp 21.5\n")
                .endsWith("hi\nback\n");
        assertThat(outputs.get(outputs.size() - 1))
                .contains("998")
                .contains("999")
                .contains("1000")
                .contains("sensors/1/name kitchen");
    }

    /** The README tells to build and start; the jar is there already. */
    private RunningNode start(Block block) throws Exception {
        String command = block.commands.substring(block.commands.indexOf(" && ") + 4);
        assertThat(command).startsWith("java ").endsWith(JAR);
        StringBuilder line = new StringBuilder("exec ").append(here(command));
        ports.keys(temp.resolve("data"), Map.of())
                .forEach((key, value) ->
                        line.append(" --").append(key).append('=').append(value));
        return RunningNode.launch(shell(line.toString()), temp.resolve("node-" + ++nodes + ".log"), ports)
                .awaitReady();
    }

    /** In another terminal, until the end. */
    private void listen(Block block) throws Exception {
        // Told of what it does, so that nothing is published before it has subscribed.
        String command = here(block.commands).replace("mosquitto_sub ", "stdbuf -oL mosquitto_sub -d ");
        listeners.add(shell("exec " + command)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("heard").toFile())
                .start());
        await("Subscribed");
    }

    private String heard() throws IOException {
        return Files.readString(temp.resolve("heard"));
    }

    private void await(String text) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!heard().contains(text)) {
            assertThat(System.nanoTime()).as("'%s' in %s", text, heard()).isLessThan(deadline);
            assertThat(listeners.get(0).waitFor(20, TimeUnit.MILLISECONDS))
                    .as(heard())
                    .isFalse();
        }
    }

    private String run(Block block) throws Exception {
        Path output = temp.resolve("output-" + outputs.size());
        Process process = shell("set -e -o pipefail\n" + here(block.commands))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(ended).as(block.commands).isTrue();
        String said = Files.readString(output);
        assertThat(process.exitValue()).as("%s%n%s", block.commands, said).isZero();
        return said;
    }

    /** With the ports and the jar of this test. */
    private String here(String commands) {
        return commands.replace("localhost:9092", "localhost:" + ports.kafka())
                .replaceAll("(?<![\\w-])mosquitto_(pub|sub) ", "mosquitto_$1 -p " + ports.tcp() + " ")
                .replace("robustmq.jar ctl ", "robustmq.jar ctl --server 127.0.0.1:" + ports.admin() + " ")
                .replace("localhost:58080", "localhost:" + ports.admin())
                .replace(
                        JAR,
                        Path.of(System.getProperty("robustmq.jar", "target/robustmq.jar"))
                                .toAbsolutePath()
                                .toString());
    }

    private static ProcessBuilder shell(String script) {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script).directory(ROOT.toFile());
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        builder.environment().merge("PATH", java, (path, own) -> own + File.pathSeparator + path);
        return builder;
    }
}
