/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.RmqError;
import io.robustmq.storage.Capability;
import io.robustmq.storage.ShardEngine;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The engines of this node by name, and which of them a new topic gets that does not say. Only new topics: a topic keeps the
 * engine that it was created with. Immutable.
 */
final class Engines {
    static final String MEMORY = "memory";
    static final String ROCKSDB = "rocksdb";
    static final String FILE = "file";

    /** Few large streams go to files, many small ones into one store, where a node has both. */
    private static final List<String> FOR_TOPICS = List.of(FILE, ROCKSDB);

    private static final List<String> FOR_INTERNAL = List.of(ROCKSDB, FILE);

    private final Map<String, ShardEngine> byName = new TreeMap<>();
    private final String override;

    /** @param override engine of every new topic that does not name one; empty for the rules of the roles */
    Engines(List<ShardEngine> engines, String override) {
        engines.forEach(engine -> byName.put(engine.name(), engine));
        this.override = override;
    }

    Collection<ShardEngine> all() {
        return byName.values();
    }

    @Nullable
    ShardEngine get(String name) {
        return byName.get(name);
    }

    /** The named engine; fails with INVALID_CONFIG when this node does not have it. */
    ShardEngine require(String name) {
        ShardEngine engine = byName.get(name);
        if (engine == null) {
            throw RmqError.INVALID_CONFIG.exception(
                    "there is no engine '" + name + "'; this node has " + byName.keySet());
        }
        return engine;
    }

    /** Why topics of that engine cannot be served here. */
    String absent(String name) {
        return "this node has no engine '" + name + "'; it has " + byName.keySet();
    }

    /** For what devices say and nobody has made a topic for: large, and bearable to lose. */
    String forCatchAll() {
        return override.isEmpty() ? MEMORY : override;
    }

    /** For what somebody asked to be kept. */
    String forTopic() {
        return override.isEmpty() ? first(FOR_TOPICS) : override;
    }

    /** For the state of coordinators, which must outlive the process wherever a node can keep anything. */
    String forInternal() {
        return override.isEmpty() || override.equals(MEMORY) ? first(FOR_INTERNAL) : override;
    }

    private String first(List<String> wanted) {
        return wanted.stream().filter(byName::containsKey).findFirst().orElse(MEMORY);
    }

    static boolean isVolatile(ShardEngine engine) {
        return !engine.capabilities().contains(Capability.DURABLE);
    }
}
