/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.Documents.Document;
import io.robustmq.meta.client.Documents.Event;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.rpc.meta.WatchReply;
import io.robustmq.rpc.meta.WatchRequest;
import io.robustmq.rpc.meta.WatchedChange;
import io.robustmq.rpc.meta.WatchedSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch that goes on for ever: resumed after its last revision at the next member when it ends, and a snapshot is turned
 * into the difference to what was seen. Confined to the meta loop, but for {@link #start} and {@link #stop}.
 */
final class WatchLoop {
    private static final Logger LOG = LoggerFactory.getLogger(WatchLoop.class);
    private static final long RESUME_MILLIS_MIN = 50;
    private static final long RESUME_MILLIS_MAX = 1000;

    private final Members members;
    private final Loop loop;
    private final String cluster;
    private final String group;
    private final List<String> kinds;
    private final Listener listener;
    private final Map<Key, Long> known = new HashMap<>();
    private final List<Document> snapshot = new ArrayList<>();
    private long nextRevision;
    private int failures;
    private int member;
    private MetaEndpoint.@Nullable Watch watch;
    private int generation;
    private boolean stopped;

    /** What a watch tells, on the meta loop. */
    interface Listener {
        /** Some documents changed; an empty list says only that everything up to the revision has been told. */
        void changed(long revision, List<Event> events);
    }

    WatchLoop(
            Members members,
            Loop loop,
            String cluster,
            String group,
            List<String> kinds,
            long fromRevision,
            Listener listener) {
        this.members = members;
        this.loop = loop;
        this.cluster = cluster;
        this.group = group;
        this.kinds = List.copyOf(kinds);
        this.nextRevision = fromRevision;
        this.listener = listener;
    }

    void start() {
        loop.execute(this::resume);
    }

    void stop() {
        try {
            loop.execute(() -> {
                stopped = true;
                generation++;
                if (watch != null) {
                    watch.cancel();
                }
            });
        } catch (RmqException closed) {
            // The loop has ended, and the watch with it.
        }
    }

    private void resume() {
        if (stopped) {
            return;
        }
        int mine = ++generation;
        snapshot.clear();
        String address = members.next(member);
        WatchRequest request = WatchRequest.newBuilder()
                .setCluster(cluster)
                .setGroup(group)
                .addAllKinds(kinds)
                .setFromRevision(nextRevision)
                .build();
        try {
            watch = members.endpoint(address).watch(request, new LoopSink(mine, address));
        } catch (RuntimeException e) {
            ended(mine, address, e);
        }
    }

    /** Moves messages of one watch to the loop; those of a former one are dropped. */
    private final class LoopSink implements MetaEndpoint.WatchSink {
        private final int mine;
        private final String address;

        LoopSink(int mine, String address) {
            this.mine = mine;
            this.address = address;
        }

        @Override
        public void next(WatchReply reply) {
            onLoop(() -> received(mine, address, reply));
        }

        @Override
        public void ended(Throwable reason) {
            onLoop(() -> WatchLoop.this.ended(mine, address, reason));
        }

        private void onLoop(Runnable task) {
            try {
                loop.execute(task);
            } catch (RmqException closed) {
                LOG.debug("Watch of {} ends with its loop", group);
            }
        }
    }

    private void received(int ofGeneration, String address, WatchReply reply) {
        if (ofGeneration != generation || stopped) {
            return;
        }
        if (reply.hasError()) {
            ended(ofGeneration, address, MetaMessages.exception(reply.getError()));
            return;
        }
        failures = 0;
        if (reply.hasSnapshot()) {
            piece(reply.getSnapshot());
        } else {
            change(reply.getChange());
        }
        if (watch != null) {
            watch.processed();
        }
    }

    private void change(WatchedChange change) {
        List<Event> events = new ArrayList<>(change.getEventsCount());
        change.getEventsList().forEach(event -> {
            Key key = MetaMessages.key(event.getKey());
            Document document = event.hasDocument() ? MetaMessages.document(event.getDocument()) : null;
            remember(key, document);
            events.add(new Event(key, document));
        });
        nextRevision = Math.max(nextRevision, change.getRevision() + 1);
        listener.changed(change.getRevision(), events);
    }

    private void remember(Key key, @Nullable Document document) {
        if (document == null) {
            known.remove(key);
        } else {
            known.put(key, document.revision());
        }
    }

    private void piece(WatchedSnapshot piece) {
        piece.getDocumentsList().forEach(document -> snapshot.add(MetaMessages.document(document)));
        if (!piece.getLast()) {
            return;
        }
        Map<Key, Long> gone = new LinkedHashMap<>(known);
        List<Event> events = new ArrayList<>();
        for (Document document : snapshot) {
            Long before = gone.remove(document.key());
            if (before == null || before != document.revision()) {
                events.add(new Event(document.key(), document));
            }
        }
        gone.keySet().forEach(key -> events.add(new Event(key, null)));
        snapshot.clear();
        events.forEach(event -> remember(event.key(), event.document()));
        nextRevision = piece.getRevision() + 1;
        listener.changed(piece.getRevision(), events);
    }

    private void ended(int ofGeneration, String address, Throwable reason) {
        if (ofGeneration != generation || stopped) {
            return;
        }
        generation++;
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
        member++;
        failures++;
        LOG.debug("Watch of {} at {} ended, resuming from {}: {}", group, address, nextRevision, reason.toString());
        long pause = Math.min(RESUME_MILLIS_MAX, RESUME_MILLIS_MIN << Math.min(failures - 1, 5));
        loop.schedule(pause, this::resume);
    }
}
