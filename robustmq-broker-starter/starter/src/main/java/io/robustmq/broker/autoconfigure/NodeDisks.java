/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import io.robustmq.node.BannerLine;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.ShardEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disks of all engines of the node: tells each change of their state in one line of the log, and how they are to those
 * who ask. Thread-safe: immutable.
 */
final class NodeDisks {
    private static final Logger LOG = LoggerFactory.getLogger(NodeDisks.class);

    private final List<ShardEngine> engines;

    NodeDisks(List<ShardEngine> engines) {
        this.engines = List.copyOf(engines);
        this.engines.forEach(engine -> engine.onDiskChange(NodeDisks::log));
    }

    private static void log(EngineDisk disk) {
        if (disk.takesWrites()) {
            LOG.info("disk {} of engine {}: takes appends again", disk.name(), disk.engine());
        } else {
            LOG.error(
                    "disk {} of engine {}: {}, appends to its topics are refused: {}. What to do: {}",
                    disk.name(),
                    disk.engine(),
                    disk.state(),
                    disk.reason(),
                    disk.advice());
        }
    }

    List<EngineDisk> all() {
        return engines.stream().flatMap(engine -> engine.health().stream()).toList();
    }

    List<BannerLine> bannerLines() {
        return all().stream()
                .filter(disk -> !disk.takesWrites())
                .map(disk -> new BannerLine(
                        "disk",
                        disk.state() + " (engine " + disk.engine() + "): " + disk.reason() + ". What to do: "
                                + disk.advice()))
                .toList();
    }

    /** The order of the fields is part of what an operator sees. */
    static Map<String, Object> describe(EngineDisk disk) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("engine", disk.engine());
        described.put("disk", disk.name());
        described.put("state", disk.state().name());
        if (!disk.takesWrites()) {
            described.put("reason", disk.reason());
            described.put("whatToDo", disk.advice());
        }
        if (disk.freeBytes() >= 0) {
            described.put("freeBytes", disk.freeBytes());
        }
        described.put("lowWaterBytes", disk.lowWaterBytes());
        described.put("refusedAppends", disk.refusedAppends());
        return described;
    }
}
