/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.SessionLogPort.BacklogRead;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Where a durable session is in one shard. Confined to the session's loop. */
final class Feed {
    private static final int PARKED_MAX = 1024;
    private static final int PARKED_BYTES_MAX = 1 << 20;

    enum State {
        /** The owner of the shard is being asked where it is: what arrives is read then. */
        JOINING,
        /** What arrives is taken as it comes. */
        LIVE,
        /** There is something in the log that was not taken; it is read when there is room for it. */
        BEHIND,
        /** The log is read up to {@link #readEnd}; what arrives from there on is parked. */
        READING
    }

    final ShardId shard;
    State state = State.JOINING;
    int epoch;
    /** Everything below was taken: it was sent, it waits, or it does not match. Negative while that is not known. */
    long next;
    /** Everything below was sent or does not match. */
    private long sent;
    /** Taken and not sent yet. */
    int waiting;

    @Nullable
    BacklogRead read;

    /** Behind what has arrived since the owner was asked. */
    long arrivedEnd;

    long readEnd;
    /** What lies below was published while the session slept, and is subject to its limits. */
    long asleepUntil;

    long keepFrom;
    long keepTo = Long.MAX_VALUE;
    /** Asked for and not come yet. */
    int requested;

    private final ArrayDeque<PendingQueue.Pending> parked = new ArrayDeque<>(0);
    private long parkedBytes;
    private boolean overflown;

    Feed(ShardId shard, int epoch, long next) {
        this.shard = shard;
        this.epoch = epoch;
        this.next = next;
        this.sent = next;
    }

    /** Where the session goes on if it ends here and comes back: not behind anything that waits. */
    long position() {
        return waiting == 0 ? next : sent;
    }

    /** It goes on here, because the owner says so or because everything before was read. */
    void at(long offset) {
        if (waiting == 0) {
            sent = offset;
        }
        next = offset;
    }

    /** The message was sent without waiting. */
    void sentAtOnce(long offset) {
        next = offset + 1;
        sent = next;
    }

    void queued(long offset) {
        next = offset + 1;
        waiting++;
    }

    /** What waited was sent, or needs not be. */
    void left(long offset) {
        waiting--;
        sent = offset + 1;
    }

    // --- what arrives while the log is read

    void beginReading(long end) {
        state = State.READING;
        readEnd = end;
        requested = 0;
        unpark();
    }

    private void unpark() {
        parked.clear();
        parkedBytes = 0;
        overflown = false;
    }

    /** Kept for the end of the read, unless that is too much: then the log is read once more. */
    void park(PendingQueue.Pending message) {
        if (overflown) {
            return;
        }
        parkedBytes += message.message().sizeBytes();
        if (parked.size() >= PARKED_MAX || parkedBytes > PARKED_BYTES_MAX) {
            unpark();
            overflown = true;
            return;
        }
        parked.add(message);
    }

    boolean hasOverflown() {
        return overflown;
    }

    PendingQueue.@Nullable Pending nextParked() {
        return parked.poll();
    }

    void stopReading() {
        BacklogRead current = read;
        read = null;
        unpark();
        if (current != null) {
            current.cancel();
        }
    }
}
