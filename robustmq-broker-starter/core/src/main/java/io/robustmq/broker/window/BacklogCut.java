/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a backlog are beyond the limits of a group: the oldest, by the time of their publication in all shards.
 * Used for backlogs only that may be beyond them. Confined to the window's loop.
 */
final class BacklogCut {
    private final int messagesMax;
    private final long bytesMax;
    private final List<OfShard> shards = new ArrayList<>();
    private long messages;
    private long bytes;
    private long droppedByCount;
    private long droppedByBytes;

    BacklogCut(int messagesMax, long bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    OfShard ofShard() {
        OfShard made = new OfShard();
        shards.add(made);
        return made;
    }

    /** The newest ones of a shard, in the order of their offsets. */
    final class OfShard {
        private long[] offsets = new long[64];
        private long[] times = new long[64];
        private int[] sizes = new int[64];
        private int first;
        private int end;

        void add(long offset, long timeMillis, int sizeBytes) {
            if (end - first == messagesMax) {
                if (messagesMax == 0) {
                    droppedByCount++;
                    return;
                }
                dropFirst(true);
            }
            if (end == offsets.length) {
                makeRoom();
            }
            offsets[end] = offset;
            times[end] = timeMillis;
            sizes[end++] = sizeBytes;
            messages++;
            bytes += sizeBytes;
        }

        private void makeRoom() {
            int count = end - first;
            int capacity = Math.max(64, count * 2);
            offsets = Arrays.copyOf(Arrays.copyOfRange(offsets, first, end), capacity);
            times = Arrays.copyOf(Arrays.copyOfRange(times, first, end), capacity);
            sizes = Arrays.copyOf(Arrays.copyOfRange(sizes, first, end), capacity);
            first = 0;
            end = count;
        }

        private void dropFirst(boolean byCount) {
            messages--;
            bytes -= sizes[first++];
            if (byCount) {
                droppedByCount++;
            } else {
                droppedByBytes++;
            }
        }

        /** Where those begin that are kept; beyond all when none is. */
        long keptFrom() {
            return first < end ? offsets[first] : Long.MAX_VALUE;
        }
    }

    /** Decides, once everything is added. */
    void decide() {
        while (messages > messagesMax || bytes > bytesMax) {
            OfShard oldest = oldest();
            if (oldest == null) {
                return;
            }
            oldest.dropFirst(messages > messagesMax);
        }
    }

    private @Nullable OfShard oldest() {
        OfShard found = null;
        for (OfShard each : shards) {
            if (each.first < each.end && (found == null || each.times[each.first] < found.times[found.first])) {
                found = each;
            }
        }
        return found;
    }

    long droppedByCount() {
        return droppedByCount;
    }

    long droppedByBytes() {
        return droppedByBytes;
    }
}
