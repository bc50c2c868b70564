/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a backlog are within the limits of a session, by the time of their publication across all shards. Used for
 * backlogs only that may be beyond them. Confined to the session's loop.
 */
final class BacklogLimit {
    private final int messagesMax;
    private final long bytesMax;
    private final List<OfFeed> feeds = new ArrayList<>();
    private long bytes;
    private long droppedByCount;
    private long droppedByBytes;

    BacklogLimit(int messagesMax, long bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    /** The messages of one shard, in the order of their offsets; those from first to before end are kept. */
    static final class OfFeed {
        final Feed feed;
        private long[] offsets = new long[64];
        private long[] times = new long[64];
        private int[] sizes = new int[64];
        private int count;
        private int first;
        private int end;

        OfFeed(Feed feed) {
            this.feed = feed;
        }

        void add(long offset, long timeMillis, int sizeBytes) {
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, count * 2);
                times = Arrays.copyOf(times, count * 2);
                sizes = Arrays.copyOf(sizes, count * 2);
            }
            offsets[count] = offset;
            times[count] = timeMillis;
            sizes[count++] = sizeBytes;
        }

        /** Where the kept ones begin; the end of the read when none is. */
        long keptFrom() {
            return first < end ? offsets[first] : feed.readEnd;
        }

        /** Behind the kept ones; the end of the read when the last one is kept. */
        long keptTo() {
            return end < count ? offsets[end] : feed.readEnd;
        }
    }

    OfFeed of(Feed feed) {
        OfFeed made = new OfFeed(feed);
        feeds.add(made);
        return made;
    }

    List<OfFeed> feeds() {
        return feeds;
    }

    long droppedByCount() {
        return droppedByCount;
    }

    long droppedByBytes() {
        return droppedByBytes;
    }

    /** Decides, once everything is added. */
    void decide(boolean dropOldest) {
        long messages = 0;
        for (OfFeed each : feeds) {
            each.end = each.count;
            messages += each.count;
            for (int i = 0; i < each.count; i++) {
                bytes += each.sizes[i];
            }
        }
        while (messages > messagesMax || bytes > bytesMax) {
            if (messages > messagesMax) {
                droppedByCount++;
            } else {
                droppedByBytes++;
            }
            messages--;
            OfFeed from = dropOldest
                    ? outermost(each -> each.times[each.first])
                    : outermost(each -> -each.times[each.end - 1]);
            if (from == null) {
                return;
            }
            bytes -= dropOldest ? from.sizes[from.first++] : from.sizes[--from.end];
        }
    }

    private @Nullable OfFeed outermost(ToLongFunction<OfFeed> time) {
        OfFeed found = null;
        long least = Long.MAX_VALUE;
        for (OfFeed each : feeds) {
            if (each.first < each.end) {
                long at = time.applyAsLong(each);
                if (found == null || at < least) {
                    found = each;
                    least = at;
                }
            }
        }
        return found;
    }
}
