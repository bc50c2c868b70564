/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parts of sealed blocks that were used last, bounded in bytes. Thread-safe: a short lock around a map. */
final class PartCache {
    /** What an entry costs beside its bytes. */
    private static final int OVERHEAD_BYTES = 160;

    private final long maxBytes;
    private final Map<Key, Entry> parts = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    /** A block is one object for as long as its index is open. */
    record Key(IndexBlock block, BlockPart part) {}

    private record Entry(Object value, int sizeBytes) {}

    PartCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized @Nullable Object get(IndexBlock block, BlockPart part) {
        Entry entry = parts.get(new Key(block, part));
        return entry == null ? null : entry.value;
    }

    /** What is larger than the whole cache is not kept. */
    synchronized void put(IndexBlock block, BlockPart part, Object value, int sizeBytes) {
        if (sizeBytes + OVERHEAD_BYTES > maxBytes) {
            return;
        }
        Entry before = parts.put(new Key(block, part), new Entry(value, sizeBytes));
        bytes += sizeBytes + OVERHEAD_BYTES - (before == null ? 0 : before.sizeBytes + OVERHEAD_BYTES);
        var oldest = parts.entrySet().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            bytes -= oldest.next().getValue().sizeBytes + OVERHEAD_BYTES;
            oldest.remove();
        }
    }

    synchronized void remove(IndexBlock block) {
        for (BlockPart part : BlockPart.values()) {
            Entry entry = parts.remove(new Key(block, part));
            if (entry != null) {
                bytes -= entry.sizeBytes + OVERHEAD_BYTES;
            }
        }
    }

    synchronized long bytes() {
        return bytes;
    }
}
