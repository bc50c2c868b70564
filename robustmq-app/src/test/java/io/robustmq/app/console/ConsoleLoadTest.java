/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.robustmq.app.access.NodeInProcess;
import io.robustmq.app.access.NodeInProcess.Answer;
import io.robustmq.app.admin.FakeTopics;
import io.robustmq.kernel.Tenants;
import io.robustmq.node.ListenerAddresses;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every page with 10,000 topics behind the port, and 10,000 clients that are connected: each is answered in less than a second. */
class ConsoleLoadTest {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleLoadTest.class);
    private static final int MANY = 10_000;
    private static final long MILLIS_MAX = 1000;
    private static final int TRIES = 5;

    private static final List<String> PAGES = List.of(
            "",
            "news",
            "topics",
            "topics?filter=topic-099",
            "topics?after=topic-09000&limit=500",
            "topics/show?name=topic-05000",
            "topics/records?name=topic-05000",
            "shards",
            "shards?limit=500",
            "groups",
            "shared",
            "retained",
            "delayed",
            "connections",
            "connections?limit=500",
            "connections?client=client-09999",
            "connections?user=nobody",
            "sessions",
            "subscriptions",
            "users",
            "acls",
            "blacklist",
            "quotas",
            "admins",
            "tokens",
            "alarms",
            "config",
            "audit");

    @TempDir
    Path directory;

    @Test
    void everyPageIsThereInASecond() throws Exception {
        long files = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getMaxFileDescriptorCount();
        assumeTrue(files > MANY + MANY / 5, "10,000 connections need as many open files (ulimit -n)");
        try (NodeInProcess node = NodeInProcess.start(directory.resolve("data"), Map.of())) {
            NodeContext context = node.context().getBean(NodeContext.class);
            context.remove(TopicPort.class);
            context.put(TopicPort.class, topics());
            String address = context.get(ListenerAddresses.class).addresses().get("mqtt-tcp");
            String port = address.substring(address.lastIndexOf(':') + 1);
            Process clients = new ProcessBuilder("python3", "src/test/clients/console/connections.py", port, "" + MANY)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                BufferedReader said = clients.inputReader();
                assertThat(said.readLine()).isEqualTo("connected");
                pages(node);
            } finally {
                clients.getOutputStream().close();
                assertThat(clients.waitFor(1, TimeUnit.MINUTES)).isTrue();
            }
        }
    }

    /** By the real port it would be minutes: the broker walks over all topics at each new one. */
    private static TopicPort topics() throws Exception {
        FakeTopics topics = new FakeTopics();
        for (int i = 0; i < MANY; i++) {
            String name = String.format("topic-%05d", i);
            topics.create(new TopicRequest(Tenants.DEFAULT, name, 1, List.of(name), "memory", Map.of()))
                    .toCompletableFuture()
                    .get(1, TimeUnit.MINUTES);
        }
        return topics;
    }

    private static void pages(NodeInProcess node) {
        Map<String, Long> millis = new LinkedHashMap<>();
        for (String page : PAGES) {
            long best = Long.MAX_VALUE;
            for (int i = 0; i < TRIES && (i < 2 || best >= MILLIS_MAX); i++) {
                long begun = System.nanoTime();
                Answer answer = node.local("GET", "/console/" + page, null);
                best = Math.min(best, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                assertThat(answer.status()).as(page).isEqualTo(200);
                assertThat(answer.body()).as(page).doesNotContain("role=\"alert\"");
            }
            millis.put(page, best);
        }
        LOG.info("Milliseconds of each page: {}", millis);
        assertThat(node.local("GET", "/console/topics?limit=500", null).body()).contains("topic-00499");
        assertThat(node.local("GET", "/console/connections?client=client-09999", null)
                        .body())
                .contains("client-09999");
        assertThat(millis.values()).as("%s", millis).allMatch(each -> each < MILLIS_MAX);
    }
}
