/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * Runs every command of {@code ctl} once against a server that writes down what it is asked, and compares that with the operations
 * that the admin API has. Confined to its caller.
 */
public final class CtlCoverage {
    /** Each leaf of the tree of commands needs a line here; SECRET, USERS and RULES are files. */
    private static final List<String> LINES = """
            topics list
            topics show t
            topics create t
            topics alter t --partitions 2
            topics delete t
            topics delete-records t --partition 0 --before 5
            topics read t --limit 1
            topics publish t --value v
            groups list
            groups describe g
            groups reset g --to earliest
            groups delete g
            delayed list
            delayed show 1
            delayed cancel 1
            rewrite list
            rewrite add r --source a/# --regex a --destination b
            rewrite delete r
            autosubscribe list
            autosubscribe add r --filter a/#
            autosubscribe delete r
            users list
            users show ann
            users add ann --new-password-file SECRET
            users passwd ann --new-password-file SECRET
            users delete ann
            users import USERS
            acls list
            acls add r allow all a/# --user ann
            acls delete r
            acls test publish a --user ann
            acls import RULES
            blacklist list
            blacklist add --user ann
            blacklist delete --user ann
            quotas list
            quotas set --user ann --connections 1
            quotas delete --user ann
            tenants list
            tenants show red
            tenants add red
            tenants delete red
            shards list
            shards scrub
            shards scrub --status
            cluster status
            alarms list
            connections list
            connections kick 1
            retained list
            retained show a
            retained delete a
            sessions list
            sessions show c
            sessions delete c
            subscriptions list
            shared list
            shared show g
            admins list
            admins add ada --role viewer --new-password-file SECRET
            admins password ada --new-password-file SECRET
            admins role ada viewer
            admins delete ada
            tokens list
            tokens create --description d --role viewer
            tokens revoke 1
            audit tail
            config show
            config set k v
            config unset k
            health
            health storage
            info
            metrics list
            metrics show m
            loggers list
            loggers show l
            loggers set l debug
            threaddump
            """.lines().map(String::strip).toList();

    /** Operations without a command, and why. */
    private static final Map<String, String> NO_COMMAND = Map.of(
            "GET /actuator/prometheus", "for Prometheus; people have ctl metrics",
            "GET /actuator/openapi", "for programs that make clients");

    /** Commands that ask no server. */
    private static final Set<String> LOCAL = Set.of(
            "completion",
            "config check",
            "log dump",
            "log verify",
            "log repair",
            "backup create",
            "backup verify",
            "backup restore");

    private CtlCoverage() {}

    /** @param operations like {@code DELETE /actuator/topics/{name}} */
    public static void check(Set<String> operations, Path directory) throws IOException {
        Set<String> untold = new TreeSet<>();
        leaves(CtlCommand.commandLine(), "", untold);
        for (String line : LINES) {
            untold.removeIf(leaf -> line.equals(leaf) || line.startsWith(leaf + " "));
        }
        assertThat(untold).as("commands that are not tried here").isEqualTo(new TreeSet<>(LOCAL));

        Map<String, Pattern> templates = new TreeMap<>();
        operations.forEach(each ->
                templates.put(each, Pattern.compile(Pattern.quote(each).replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q"))));
        Set<String> asked = asked(directory);
        Set<String> covered = new TreeSet<>();
        Set<String> unknown = new TreeSet<>();
        for (String request : asked) {
            List<String> fitting = templates.entrySet().stream()
                    .filter(each -> each.getValue().matcher(request).matches())
                    .map(Map.Entry::getKey)
                    .toList();
            covered.addAll(fitting);
            if (fitting.isEmpty()) {
                unknown.add(request);
            }
        }
        assertThat(unknown).as("what ctl asks for and the API does not have").isEmpty();
        Set<String> missing = new TreeSet<>(operations);
        missing.removeAll(covered);
        missing.removeAll(NO_COMMAND.keySet());
        assertThat(missing).as("operations without a command of ctl").isEmpty();
    }

    private static void leaves(CommandLine command, String words, Set<String> leaves) {
        if (command.getSubcommands().isEmpty()) {
            leaves.add(words.strip());
        }
        command.getSubcommands().forEach((name, each) -> leaves(each, words + " " + name, leaves));
    }

    /** What the commands ask a server for that knows nothing. */
    private static Set<String> asked(Path directory) throws IOException {
        Path secret = Files.writeString(directory.resolve("coverage-secret"), "a password\n");
        Path users =
                Files.writeString(directory.resolve("coverage-users"), "ann:$6$c2FsdA==$" + "A".repeat(86) + "==\n");
        Path rules = Files.writeString(directory.resolve("coverage-rules"), "user ann\ntopic read a/#\n");
        Set<String> requests = Collections.synchronizedSet(new TreeSet<>());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            exchange.getRequestBody().readAllBytes();
            boolean lines = exchange.getRequestURI().getPath().endsWith("/records");
            byte[] body = (lines ? "" : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String address = "127.0.0.1:" + server.getAddress().getPort();
            for (String line : LINES) {
                for (String format : List.of("table", "json")) {
                    String words = line.replace("SECRET", secret.toString())
                            .replace("USERS", users.toString())
                            .replace("RULES", rules.toString());
                    run(address, format, words);
                }
            }
        } finally {
            server.stop(0);
        }
        return requests;
    }

    private static void run(String address, String format, String words) {
        List<String> all = new ArrayList<>(List.of("--server", address, "--output", format));
        all.addAll(List.of(words.split(" ")));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = CtlCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        int code = command.execute(all.toArray(String[]::new));
        boolean judges = words.startsWith("health") || words.startsWith("acls test");
        assertThat(code)
                .as("%s with %s: %s", words, format, err)
                .isIn(judges ? List.of(0, ExitCode.REFUSED) : List.of(0));
        if (format.equals("json") && !out.toString().isBlank()) {
            assertThat(out.toString().strip()).as(words).matches("(?s)[{\\[].*");
        }
    }
}
