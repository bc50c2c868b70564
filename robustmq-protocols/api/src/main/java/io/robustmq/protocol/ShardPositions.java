/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.ShardId;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * An offset for each of some shards, with the epoch of the owner that told it, in the order of the shards. Made of arrays,
 * because there are as many of them as sleeping sessions. Immutable.
 */
public final class ShardPositions {
    public static final ShardPositions NONE = new ShardPositions(new ShardId[0], new int[0], new long[0]);

    private final ShardId[] shards;
    private final int[] epochs;
    private final long[] offsets;

    private ShardPositions(ShardId[] shards, int[] epochs, long[] offsets) {
        this.shards = shards;
        this.epochs = epochs;
        this.offsets = offsets;
    }

    /** One shard's place. */
    public record Place(int epoch, long offset) {}

    public static ShardPositions of(Map<ShardId, Place> places) {
        if (places.isEmpty()) {
            return NONE;
        }
        Map<ShardId, Place> sorted = new TreeMap<>(places);
        ShardId[] shards = new ShardId[sorted.size()];
        int[] epochs = new int[shards.length];
        long[] offsets = new long[shards.length];
        int i = 0;
        for (Map.Entry<ShardId, Place> each : sorted.entrySet()) {
            shards[i] = each.getKey();
            epochs[i] = each.getValue().epoch();
            offsets[i++] = each.getValue().offset();
        }
        return new ShardPositions(shards, epochs, offsets);
    }

    public int size() {
        return shards.length;
    }

    public boolean isEmpty() {
        return shards.length == 0;
    }

    public ShardId shard(int i) {
        return shards[i];
    }

    public int epoch(int i) {
        return epochs[i];
    }

    public long offset(int i) {
        return offsets[i];
    }

    /** Index of the shard; negative when it is not there. */
    public int indexOf(ShardId shard) {
        return Arrays.binarySearch(shards, shard);
    }

    /** The shard's offset, or the other value where it is not there. */
    public long offsetOf(ShardId shard, long otherwise) {
        int i = indexOf(shard);
        return i < 0 ? otherwise : offsets[i];
    }

    /** The same as a map that may be changed. */
    public Map<ShardId, Place> toMap() {
        Map<ShardId, Place> places = new TreeMap<>();
        for (int i = 0; i < shards.length; i++) {
            places.put(shards[i], new Place(epochs[i], offsets[i]));
        }
        return places;
    }

    /** With the same shards, one array of them serves both. */
    public ShardPositions sharing(ShardPositions other) {
        return shards != other.shards && Arrays.equals(shards, other.shards)
                ? new ShardPositions(other.shards, epochs, offsets)
                : this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ShardPositions that
                && Arrays.equals(shards, that.shards)
                && Arrays.equals(epochs, that.epochs)
                && Arrays.equals(offsets, that.offsets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(shards) * 31 + Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
