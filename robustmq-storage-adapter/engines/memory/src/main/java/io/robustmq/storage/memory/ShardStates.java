/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.storage.StateSnapshot;
import java.util.HashMap;
import java.util.Map;

/** Derived state of one shard by name, bounded in bytes. Confined to the lock of the shard. */
final class ShardStates {
    /** What one entry costs beside its bytes; bounds the number of names too. */
    private static final int ENTRY_OVERHEAD_BYTES = 128;

    private final ChunkSource source;
    private final int maxBytes;
    private final Map<String, StateSnapshot> byName = new HashMap<>();
    private long bytes;

    ShardStates(ChunkSource source, int maxBytes) {
        this.source = source;
        this.maxBytes = maxBytes;
    }

    /** Keeps a copy, because a small slice would pin the buffer that it was cut from. */
    void put(String name, long offset, ByteBuf borrowed) {
        StateSnapshot before = byName.get(name);
        long after = bytes + cost(name, borrowed) - (before == null ? 0 : cost(name, before.owned()));
        if (after > maxBytes) {
            throw RmqError.STORAGE_FULL.exception(
                    "state '" + name + "' does not fit: a memory shard keeps at most " + maxBytes + " bytes of state");
        }
        byName.put(name, new StateSnapshot(offset, source.copyOf(borrowed)));
        bytes = after;
        if (before != null) {
            before.owned().release();
        }
    }

    StateSnapshot get(String name) {
        StateSnapshot state = byName.get(name);
        return state == null
                ? new StateSnapshot(-1, Unpooled.EMPTY_BUFFER)
                : new StateSnapshot(state.offset(), state.owned().retainedDuplicate());
    }

    void clear() {
        byName.values().forEach(state -> state.owned().release());
        byName.clear();
        bytes = 0;
    }

    private static long cost(String name, ByteBuf value) {
        return ENTRY_OVERHEAD_BYTES + 2L * name.length() + value.readableBytes();
    }
}
