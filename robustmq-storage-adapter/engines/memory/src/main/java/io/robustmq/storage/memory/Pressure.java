/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Who gives up records when all shards together have used up the engine's total: the shard that has the most of them. So the
 * shards of a busy topic share what there is, and one that says little keeps what it has, whoever came first. Thread-safe; it
 * never holds two shards' locks.
 */
final class Pressure {
    /** Chunks given up for one append. More would not help: what is missing then is the JVM's memory, which others use. */
    static final int ROUNDS_MAX = 64;

    private final Collection<MemoryShard> shards;

    Pressure(Collection<MemoryShard> shards) {
        this.shards = shards;
    }

    /**
     * Frees one chunk at least, of what is pinned only when there is nothing else.
     *
     * @param growing refuses its append when nobody can give up anything
     * @param round how often that was asked for the same append
     */
    void makeRoom(MemoryShard growing, int round) {
        MemoryShard largest = largest(false);
        if (largest == null) {
            largest = largest(true);
        }
        if (largest == null || round == ROUNDS_MAX) {
            throw growing.refused("no memory is left for the shard");
        }
        largest.giveUpHeadChunk();
    }

    private @Nullable MemoryShard largest(boolean pinned) {
        MemoryShard largest = null;
        long most = 0;
        for (MemoryShard shard : shards) {
            long bytes = shard.bytesToGive(pinned);
            if (bytes > most) {
                most = bytes;
                largest = shard;
            }
        }
        return largest;
    }
}
