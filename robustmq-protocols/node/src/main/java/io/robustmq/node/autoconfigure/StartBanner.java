/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.node.BannerLine;
import io.robustmq.node.NodeContext;
import io.robustmq.node.NodeIdentity;
import io.robustmq.node.Phases;
import io.robustmq.node.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Logs what came up, in one block, when everything has. Confined to the thread that starts the context. */
final class StartBanner implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger("io.robustmq.start");

    private final NodeContext context;
    private final List<BannerLine.Contribution> contributions;
    private volatile boolean running;

    StartBanner(NodeContext context, Stream<BannerLine.Contribution> contributions) {
        this.context = context;
        this.contributions = contributions.toList();
    }

    String text() {
        NodeIdentity identity = context.identity();
        List<BannerLine> lines = new ArrayList<>();
        lines.add(new BannerLine(
                "node",
                identity.nodeId() + " of cluster " + identity.clusterName() + ", roles "
                        + identity.roles().stream().sorted().map(Role::key).collect(Collectors.joining(", "))));
        lines.add(new BannerLine("data", context.dataDir().toString()));
        contributions.forEach(contribution -> lines.addAll(contribution.lines()));
        int width = lines.stream().mapToInt(line -> line.title().length()).max().orElse(0);
        return lines.stream()
                .map(line ->
                        "  " + line.title() + " ".repeat(width - line.title().length()) + "  " + line.text())
                .collect(Collectors.joining(
                        System.lineSeparator(), "RobustMQ " + version() + " is ready" + System.lineSeparator(), ""));
    }

    private static String version() {
        return Objects.requireNonNullElse(
                NodeContext.class.getPackage().getImplementationVersion(), "(development build)");
    }

    @Override
    public void start() {
        running = true;
        LOG.info("{}", text());
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.LISTENERS + 20;
    }
}
