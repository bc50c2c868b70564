/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.Documents.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the watched changes into the image and publishes it behind one volatile reference. Confined to the meta loop, but for
 * {@link #current} and {@link #ready}.
 */
final class ImageKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ImageKeeper.class);

    private final Loop loop;
    private final WatchLoop watch;
    private final List<MetaClient.ImageListener> listeners = new CopyOnWriteArrayList<>();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(Comparator.comparingLong(Waiter::revision));
    private final CompletableFuture<MetaImage> ready = new CompletableFuture<>();
    private final List<Event> pending = new ArrayList<>();
    private long pendingRevision;
    private boolean publishing;
    private boolean caughtUp;
    private volatile FoldedImage current = FoldedImage.EMPTY;

    private record Waiter(long revision, CompletableFuture<MetaImage> future) {}

    ImageKeeper(Members members, Loop loop, String cluster) {
        this.loop = loop;
        List<String> kinds = Kinds.image().stream().sorted().toList();
        this.watch = new WatchLoop(members, loop, cluster, Kinds.METADATA_GROUP, kinds, 0, this::changed);
    }

    void start() {
        watch.start();
    }

    void stop() {
        watch.stop();
        try {
            loop.execute(() -> {
                RmqException closed = RmqError.CLOSED.exception("the meta client is closed");
                waiters.forEach(waiter -> waiter.future().completeExceptionally(closed));
                waiters.clear();
                ready.completeExceptionally(closed);
            });
        } catch (RmqException ended) {
            ready.completeExceptionally(ended);
        }
    }

    MetaImage current() {
        return current;
    }

    CompletionStage<MetaImage> ready() {
        return ready;
    }

    Cancellable onImage(MetaClient.ImageListener listener) {
        loop.execute(() -> {
            listeners.add(listener);
            tell(listener, FoldedImage.EMPTY, current);
        });
        return () -> listeners.remove(listener);
    }

    /** Completes when the image is at the revision. */
    CompletableFuture<MetaImage> shows(long revision, long timeoutMillis) {
        FoldedImage image = current;
        if (image.revision() >= revision) {
            return CompletableFuture.completedFuture(image);
        }
        CompletableFuture<MetaImage> future = new CompletableFuture<>();
        Waiter waiter = new Waiter(revision, future);
        try {
            loop.execute(() -> await(waiter, timeoutMillis));
        } catch (RmqException closed) {
            future.completeExceptionally(closed);
        }
        return future;
    }

    private void await(Waiter waiter, long timeoutMillis) {
        if (current.revision() >= waiter.revision()) {
            waiter.future().complete(current);
            return;
        }
        waiters.add(waiter);
        Cancellable timer = loop.schedule(timeoutMillis, () -> {
            waiters.remove(waiter);
            waiter.future()
                    .completeExceptionally(RmqError.TIMED_OUT.exception(
                            "committed at revision " + waiter.revision() + ", but this node has not seen it"));
        });
        waiter.future().whenComplete((image, thrown) -> timer.cancel());
    }

    /** Several changes that arrive together are published as one image, at the end of the loop's turn. */
    private void changed(long revision, List<Event> events) {
        pending.addAll(events);
        pendingRevision = Math.max(pendingRevision, revision);
        caughtUp |= events.isEmpty();
        if (!publishing) {
            publishing = true;
            loop.execute(this::publish);
        }
    }

    private void publish() {
        publishing = false;
        FoldedImage previous = current;
        FoldedImage next = previous.with(pendingRevision, pending);
        boolean changed = !pending.isEmpty();
        pending.clear();
        current = next;
        if (changed) {
            listeners.forEach(listener -> tell(listener, previous, next));
        }
        if (caughtUp) {
            ready.complete(next);
        }
        while (!waiters.isEmpty() && waiters.peek().revision() <= next.revision()) {
            waiters.remove().future().complete(next);
        }
    }

    private static void tell(MetaClient.ImageListener listener, FoldedImage previous, FoldedImage next) {
        try {
            listener.imageChanged(previous, next);
        } catch (RuntimeException e) {
            LOG.error("A listener failed on {}", next, e);
        }
    }
}
