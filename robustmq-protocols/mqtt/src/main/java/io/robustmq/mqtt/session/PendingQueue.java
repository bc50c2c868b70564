/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.WindowDelivery;
import io.robustmq.protocol.WindowMember;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Messages that wait for their session, bounded in number and bytes. Confined to the session's loop. */
final class PendingQueue {

    /**
     * One waiting message with what its subscriptions said about it.
     *
     * @param feed the shard that it lies in; null when it is not to be found in the log
     * @param offset where it lies
     * @param shared what a group gave
     */
    record Pending(
            StoredMessage message,
            int qos,
            int[] subscriptionIds,
            boolean retain,
            @Nullable Feed feed,
            long offset,
            @Nullable WindowDelivery shared) {

        Pending(StoredMessage message, int qos, int[] subscriptionIds, boolean retain) {
            this(message, qos, subscriptionIds, retain, null, -1, null);
        }

        Pending(
                StoredMessage message,
                int qos,
                int[] subscriptionIds,
                boolean retain,
                @Nullable WindowDelivery shared) {
            this(message, qos, subscriptionIds, retain, null, -1, shared);
        }

        Pending(StoredMessage message, int qos, int[] subscriptionIds, boolean retain, Feed feed, long offset) {
            this(message, qos, subscriptionIds, retain, feed, offset, null);
        }
    }

    private final int messagesMax;
    private final long bytesMax;
    private final QueuedBytes ofNode;
    private @Nullable ArrayDeque<Pending> queue;
    private long bytes;

    PendingQueue(int messagesMax, long bytesMax, QueuedBytes ofNode) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
        this.ofNode = ofNode;
    }

    boolean isEmpty() {
        return queue == null || queue.isEmpty();
    }

    int size() {
        return queue == null ? 0 : queue.size();
    }

    long bytes() {
        return bytes;
    }

    /** False when a limit is reached and the message was not taken. */
    boolean offer(Pending pending) {
        ArrayDeque<Pending> waiting = queue;
        if (waiting == null) {
            waiting = new ArrayDeque<>();
            queue = waiting;
        }
        int size = pending.message().sizeBytes();
        if (waiting.size() >= messagesMax || bytes + size > bytesMax || !ofNode.tryAdd(size)) {
            return false;
        }
        waiting.add(pending);
        bytes += size;
        return true;
    }

    /** Forgets everything. */
    void clear() {
        ofNode.remove(bytes, size());
        bytes = 0;
        queue = null;
    }

    void forEach(Consumer<Pending> visitor) {
        if (queue != null) {
            queue.forEach(visitor);
        }
    }

    /**
     * Takes out what groups gave, in its order.
     *
     * @param of null for all groups
     */
    List<WindowDelivery> removeShared(@Nullable WindowMember of) {
        ArrayDeque<Pending> waiting = queue;
        if (waiting == null) {
            return List.of();
        }
        List<WindowDelivery> removed = new ArrayList<>();
        waiting.removeIf(pending -> {
            WindowDelivery shared = pending.shared();
            if (shared == null || of != null && shared.member() != of) {
                return false;
            }
            bytes -= pending.message().sizeBytes();
            ofNode.remove(pending.message().sizeBytes(), 1);
            removed.add(shared);
            return true;
        });
        if (waiting.isEmpty()) {
            queue = null;
        }
        return removed;
    }

    /** Takes out what is in no log and no group's; answers how many. */
    int removeUnlogged() {
        ArrayDeque<Pending> waiting = queue;
        if (waiting == null) {
            return 0;
        }
        int before = waiting.size();
        waiting.removeIf(pending -> {
            if (pending.feed() != null || pending.shared() != null) {
                return false;
            }
            bytes -= pending.message().sizeBytes();
            ofNode.remove(pending.message().sizeBytes(), 1);
            return true;
        });
        int removed = before - waiting.size();
        if (waiting.isEmpty()) {
            queue = null;
        }
        return removed;
    }

    @Nullable
    Pending peek() {
        return queue == null ? null : queue.peek();
    }

    void removeFirst() {
        ArrayDeque<Pending> waiting = queue;
        if (waiting != null) {
            Pending first = waiting.poll();
            if (first != null) {
                bytes -= first.message().sizeBytes();
                ofNode.remove(first.message().sizeBytes(), 1);
            }
            if (waiting.isEmpty()) {
                // What only a busy session needs goes when it is not busy any more.
                queue = null;
            }
        }
    }
}
