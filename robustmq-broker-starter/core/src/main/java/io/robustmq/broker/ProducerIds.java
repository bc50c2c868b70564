/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Ids of producers, cluster-wide: a block at a time is taken from the metadata, what is left of it when the node stops is never
 * given to anybody. Thread-safe: state is guarded by this object's monitor, which is not held while others are told.
 */
final class ProducerIds {
    static final String SEQUENCE = "producers";
    /** As many as Kafka takes at once. */
    static final int BLOCK = 1000;

    private final MetaClient meta;
    private final Deque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private boolean asking;
    private long next;
    private long end;

    ProducerIds(MetaClient meta) {
        this.meta = meta;
    }

    CompletionStage<Long> next() {
        CompletableFuture<Long> wanted;
        synchronized (this) {
            if (next < end) {
                return CompletableFuture.completedStage(next++);
            }
            wanted = new CompletableFuture<>();
            waiting.add(wanted);
            if (asking) {
                return wanted;
            }
            asking = true;
        }
        ask();
        return wanted;
    }

    private void ask() {
        meta.submit(new MetaCommand.AllocateIds(SEQUENCE, BLOCK)).whenComplete((first, failure) -> {
            if (failure == null) {
                give(first);
            } else {
                refuse(failure);
            }
        });
    }

    private void give(long first) {
        List<CompletableFuture<Long>> served = new ArrayList<>();
        long id;
        boolean more;
        synchronized (this) {
            id = first;
            next = first;
            end = first + BLOCK;
            while (next < end && !waiting.isEmpty()) {
                served.add(waiting.remove());
                next++;
            }
            more = !waiting.isEmpty();
            asking = more;
        }
        for (CompletableFuture<Long> each : served) {
            each.complete(id++);
        }
        if (more) {
            ask();
        }
    }

    private void refuse(Throwable failure) {
        List<CompletableFuture<Long>> refused;
        synchronized (this) {
            refused = new ArrayList<>(waiting);
            waiting.clear();
            asking = false;
        }
        refused.forEach(each -> each.completeExceptionally(failure));
    }
}
