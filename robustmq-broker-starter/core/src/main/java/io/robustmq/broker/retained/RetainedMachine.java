/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retained;

import io.netty.buffer.ByteBuf;
import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.broker.coordinator.StateMachine;
import io.robustmq.broker.retained.RetainedStore.Kept;
import io.robustmq.protocol.PublishedSubject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One partition of {@code __retained}. What is replayed waits until it is committed and only then changes the tree that
 * subscribers see; so the tree never shows what might not have happened, and a reload keeps it in sight until the shard has
 * been read again. Confined to its coordinator's loop; the tree is shared.
 */
final class RetainedMachine implements StateMachine {
    private static final short STATE_VERSION = 1;
    private static final int TOMBSTONES_PER_TICK = 1024;
    private static final int NODES_PER_LOOK = 64;

    private final RetainedStore tree;
    private final int partition;
    private final int partitions;
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private final TreeSet<Expiry> expiries = new TreeSet<>();
    /** What the shard says, while it is read; null while commands run. */
    private @Nullable Map<RetainedKey, Kept> loading = new HashMap<>();

    /** @param kept null when the message goes */
    private record Change(
            long offset, RetainedKey key, @Nullable Kept kept) {}

    private record Expiry(long atMillis, RetainedKey key) implements Comparable<Expiry> {
        @Override
        public int compareTo(Expiry other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    RetainedMachine(RetainedStore tree, int partition, int partitions) {
        this.tree = tree;
        this.partition = partition;
        this.partitions = partitions;
    }

    @Override
    public void replay(CoordinatorRecord record, long offset) {
        RetainedKey key = RetainedKey.parse(record.key());
        byte[] value = record.value();
        Kept kept = value == null ? null : RetainedValue.parse(key.published(), value);
        Map<RetainedKey, Kept> read = loading;
        if (read == null) {
            changes.add(new Change(offset, key, kept));
        } else if (kept == null) {
            read.remove(key);
        } else {
            read.put(key, kept);
        }
    }

    @Override
    public void committed(long offset) {
        for (Change next = changes.peek(); next != null && next.offset < offset; next = changes.peek()) {
            changes.remove();
            apply(next.key, next.kept);
        }
    }

    private void apply(RetainedKey key, @Nullable Kept kept) {
        Kept previous = kept == null ? tree.remove(key.tenant(), key.published()) : tree.put(key.tenant(), kept);
        if (previous != null && previous.message().expiresAtMillis() != 0) {
            expiries.remove(new Expiry(previous.message().expiresAtMillis(), key));
        }
        if (kept != null && kept.message().expiresAtMillis() != 0) {
            expiries.add(new Expiry(kept.message().expiresAtMillis(), key));
        }
    }

    @Override
    public void reset() {
        changes.clear();
        loading = new HashMap<>();
    }

    @Override
    public void loaded() {
        Map<RetainedKey, Kept> read = loading;
        if (read == null) {
            return;
        }
        loading = null;
        List<RetainedKey> gone = new ArrayList<>();
        RetainedStore.Cursor cursor = tree.cursor();
        while (cursor.advance(NODES_PER_LOOK, (tenant, kept) -> {
            PublishedSubject subject = kept.message().subject();
            RetainedKey key = RetainedKey.of(tenant, subject);
            if (isMine(subject) && !read.containsKey(key)) {
                gone.add(key);
            }
        })) {
            continue;
        }
        gone.forEach(key -> apply(key, null));
        read.forEach(this::apply);
    }

    private boolean isMine(PublishedSubject subject) {
        return RetainedKey.partitionOf(subject, partitions) == partition;
    }

    // --- expiry

    @Override
    public long nextTickMillis() {
        return expiries.isEmpty() ? Long.MAX_VALUE : expiries.first().atMillis;
    }

    /** Tombstones for what has expired; not where something newer is on its way to the shard. */
    @Override
    public List<CoordinatorRecord> tick(long nowMillis) {
        Set<RetainedKey> changing = new HashSet<>();
        changes.forEach(change -> changing.add(change.key));
        List<CoordinatorRecord> tombstones = new ArrayList<>();
        for (Expiry next : expiries) {
            if (next.atMillis > nowMillis || tombstones.size() == TOMBSTONES_PER_TICK) {
                break;
            }
            if (!changing.contains(next.key)) {
                tombstones.add(new CoordinatorRecord(next.key.bytes(), null));
            }
        }
        return tombstones;
    }

    // --- snapshots

    @Override
    public short stateVersion() {
        return STATE_VERSION;
    }

    @Override
    public StateDump dump() {
        RetainedStore.Cursor cursor = tree.cursor();
        return (out, bytes) -> {
            int until = out.writerIndex() + bytes;
            boolean more = true;
            for (int looks = 0; more && looks < NODES_PER_LOOK && out.writerIndex() < until; looks++) {
                more = cursor.advance(NODES_PER_LOOK, (tenant, kept) -> write(out, tenant, kept));
            }
            return !more;
        };
    }

    private void write(ByteBuf out, String tenant, Kept kept) {
        PublishedSubject subject = kept.message().subject();
        if (isMine(subject)) {
            byte[] key = RetainedKey.bytes(tenant, subject);
            byte[] value = RetainedValue.of(kept);
            out.writeInt(key.length).writeBytes(key).writeInt(value.length).writeBytes(value);
        }
    }

    @Override
    public void restore(ByteBuf body) {
        while (body.isReadable()) {
            byte[] key = new byte[body.readInt()];
            body.readBytes(key);
            byte[] value = new byte[body.readInt()];
            body.readBytes(value);
            replay(new CoordinatorRecord(key, value), -1);
        }
    }
}
