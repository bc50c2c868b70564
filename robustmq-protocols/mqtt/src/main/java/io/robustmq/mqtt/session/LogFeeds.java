/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.mqtt.session.Feed.State;
import io.robustmq.mqtt.session.PendingQueue.Pending;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.SessionLogPort;
import io.robustmq.protocol.SessionLogPort.BacklogSink;
import io.robustmq.protocol.SessionLogPort.LoggedMessage;
import io.robustmq.protocol.SessionLogPort.Mark;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.ShardPositions.Place;
import io.robustmq.protocol.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a durable session gets of each shard, each message once: what lies in the log behind its position, and from there on what
 * arrives. An owner says up to which offset it has dispatched; up to there the log is read, and everything from there on arrives.
 * A session that cannot take what arrives forgets it and reads the log again later. Confined to the session's loop.
 */
final class LogFeeds {
    /** Beyond so many that wait for a session nothing of the log is kept in memory for it. */
    private static final int WAITING_MAX = 4096;

    private static final long WAITING_BYTES_MAX = 4 << 20;
    private static final int READ_AHEAD = 256;
    private static final int RETRY_MILLIS = 1000;

    private final MqttSession session;
    private final SessionLogPort log;
    private final StoredSubscriptions subscriptions;
    private final Map<ShardId, Feed> feeds = new HashMap<>(2);
    private @Nullable Feed last;
    private int behind;
    private @Nullable Waking waking;
    private boolean closed;
    private boolean paused;
    private long lostByAge;
    private long lostByCount;
    private long lostByBytes;
    private long lostByRetention;

    LogFeeds(MqttSession session, SessionLogPort log, StoredSubscriptions subscriptions, Drops before) {
        this.session = session;
        this.log = log;
        this.subscriptions = subscriptions;
        lostByCount = before.count();
        lostByBytes = before.bytes();
        lostByAge = before.age();
        lostByRetention = before.retention();
    }

    // --- where it is

    /** Positions of shards for which there are any. */
    ShardPositions positions() {
        Map<ShardId, Place> places = new HashMap<>();
        for (Feed feed : feeds.values()) {
            if (feed.position() >= 0) {
                places.put(feed.shard, new Place(feed.epoch, feed.position()));
            }
        }
        return ShardPositions.of(places);
    }

    Drops drops() {
        return new Drops(lostByCount, lostByBytes, lostByAge, lostByRetention);
    }

    /** Where an earlier connection has left; not yet joined. */
    void restore(ShardPositions positions) {
        for (int i = 0; i < positions.size(); i++) {
            ShardId shard = positions.shard(i);
            feeds.put(shard, new Feed(shard, positions.epoch(i), positions.offset(i)));
        }
    }

    /** Goes on in all shards that are known, and in those that have come since the subscriptions were made. */
    void join() {
        for (var subscription : subscriptions.all()) {
            if (StoredSubscriptions.isOwn(subscription.filter())) {
                for (var each : log.concerned(session.tenant(), ExclusiveFilters.inner(subscription.filter()))) {
                    discover(each, subscription.sinceMillis());
                }
            }
        }
        waking = new Waking();
        List<Feed> all = List.copyOf(feeds.values());
        markOf(all, () -> {
            Waking first = waking;
            if (first != null && !closed) {
                first.begin();
            }
            session.drain();
        });
    }

    /** A topic that came later is read from its beginning; one that came into sight otherwise, from now on. */
    private void discover(SessionLogPort.Concerned concerned, long sinceMillis) {
        if (!feeds.containsKey(concerned.shard())) {
            boolean later = concerned.topicCreatedMillis() >= sinceMillis || knowsTopic(concerned.shard());
            feeds.put(concerned.shard(), new Feed(concerned.shard(), 0, later ? 0 : -1));
        }
    }

    private boolean knowsTopic(ShardId shard) {
        return feeds.keySet().stream().anyMatch(each -> each.topic().equals(shard.topic()));
    }

    /** Asks the owners of the shards that concern the filters where they are, and goes on there in shards that are new. */
    void begin(Collection<String> filters, OwnersAsked.Answer answer) {
        OwnersAsked asking = new OwnersAsked(this, session, answer);
        for (String filter : filters) {
            if (StoredSubscriptions.isOwn(filter)) {
                for (var each : log.concerned(session.tenant(), ExclusiveFilters.inner(filter))) {
                    asking.concerns(each.shard(), filter);
                }
            }
        }
        asking.ask();
    }

    /** A feed that begins where its owner will say; null when there is one. */
    @Nullable
    Feed create(ShardId shard) {
        if (feeds.containsKey(shard)) {
            return null;
        }
        Feed feed = new Feed(shard, 0, -1);
        feeds.put(shard, feed);
        return feed;
    }

    boolean isClosed() {
        return closed;
    }

    /** Those places that the session has not reached: what lies before them is not owed to a subscription that is new. */
    Map<ShardId, Place> ahead(Map<ShardId, Place> places) {
        Map<ShardId, Place> ahead = new HashMap<>();
        places.forEach((shard, place) -> {
            Feed feed = feeds.get(shard);
            if (feed != null && feed.position() < place.offset()) {
                ahead.put(shard, place);
            }
        });
        return ahead;
    }

    // --- what arrives

    /**
     * Whether the message is to be taken as it arrives, from the feed that is answered; null when it was taken before, or will be
     * read.
     */
    @Nullable
    Feed takes(PublishRun run, int i, ShardId shard, int qos, Target target) {
        Feed feed = last;
        if (feed == null || !feed.shard.equals(shard)) {
            feed = feeds.get(shard);
            if (feed == null) {
                arrivedUnknown(shard, run.offset(i));
                return null;
            }
            last = feed;
        }
        long offset = run.offset(i);
        if (offset < feed.next || closed) {
            return null;
        }
        if (feed.state == State.LIVE) {
            if (session.wire() == null) {
                fellBehind(feed, offset);
                return null;
            }
            return feed;
        }
        if (feed.state == State.JOINING) {
            feed.arrivedEnd = Math.max(feed.arrivedEnd, offset + 1);
        } else if (feed.state == State.READING && offset >= feed.readEnd) {
            feed.park(new Pending(
                    run.store(i),
                    qos,
                    target.subscriptionIds(),
                    run.retain(i) && target.retainAsPublished(),
                    feed,
                    offset));
        }
        return null;
    }

    private void arrivedUnknown(ShardId shard, long offset) {
        for (var subscription : subscriptions.all()) {
            if (StoredSubscriptions.isOwn(subscription.filter())) {
                for (var each : log.concerned(session.tenant(), ExclusiveFilters.inner(subscription.filter()))) {
                    discover(each, subscription.sinceMillis());
                }
            }
        }
        Feed feed = feeds.computeIfAbsent(shard, id -> new Feed(id, 0, -1));
        if (feed.next < 0) {
            feed.at(offset);
        }
        mark(feeds.values().stream().filter(each -> each.epoch == 0).toList());
    }

    /** Whether messages of the log may be kept in memory for the session. */
    boolean mayWait(PendingQueue pending) {
        return pending.size() < WAITING_MAX && pending.bytes() < WAITING_BYTES_MAX;
    }

    /** The message waits in memory, if there is room for it. */
    void await(PendingQueue pending, Feed feed, PublishRun run, int i, int qos, int[] subscriptionIds, boolean retain) {
        long offset = run.offset(i);
        if (mayWait(pending) && pending.offer(new Pending(run.store(i), qos, subscriptionIds, retain, feed, offset))) {
            feed.queued(offset);
        } else {
            fellBehind(feed, offset);
        }
    }

    /** The message and what follows is read later. */
    void fellBehind(Feed feed, long offset) {
        if (session.wire() != null) {
            pause();
        }
        if (feed.state == State.LIVE) {
            feed.state = State.BEHIND;
            behind++;
            feed.at(offset);
            session.services().counters().fellBehind.increment();
        }
    }

    // --- what is read

    /** Whether there is something in the log that waits for room. */
    boolean isBehind() {
        return behind > 0;
    }

    /** There is room: goes on reading where something is left. */
    void refill(PendingQueue pending) {
        if (closed || paused || waking != null || behind == 0 || !mayWait(pending)) {
            return;
        }
        List<Feed> waiting = new ArrayList<>();
        for (Feed feed : feeds.values()) {
            if (feed.state == State.BEHIND) {
                waiting.add(feed);
            } else if (feed.state == State.READING && feed.requested + feed.waiting < READ_AHEAD / 2) {
                request(feed);
            }
        }
        if (!waiting.isEmpty()) {
            mark(waiting);
        }
    }

    private void request(Feed feed) {
        var read = feed.read;
        if (read != null) {
            int more = READ_AHEAD - feed.requested - feed.waiting;
            feed.requested += more;
            read.request(more);
        }
    }

    private void mark(List<Feed> joining) {
        markOf(joining, session::drain);
    }

    private void markOf(List<Feed> joining, Runnable done) {
        Map<ShardId, Place> places = new HashMap<>();
        for (Feed feed : joining) {
            if (feed.state == State.BEHIND) {
                behind--;
            }
            feed.state = State.JOINING;
            feed.arrivedEnd = 0;
            places.put(feed.shard, new Place(feed.epoch, feed.next));
        }
        Map<ShardId, Feed> asking = new HashMap<>();
        joining.forEach(feed -> asking.put(feed.shard, feed));
        mark(places, (shard, mark) -> joined(asking.get(shard), mark), done);
    }

    void mark(Map<ShardId, Place> places, BiConsumer<ShardId, @Nullable Mark> each, Runnable done) {
        log.mark(ShardPositions.of(places), session.loop(), new SessionLogPort.Marks() {
            @Override
            public void marked(ShardId shard, @Nullable Mark mark) {
                each.accept(shard, mark);
            }

            @Override
            public void done() {
                done.run();
            }
        });
    }

    void joined(@Nullable Feed feed, @Nullable Mark mark) {
        if (feed == null || closed || feed.state != State.JOINING) {
            return;
        }
        if (mark == null) {
            // The topic is gone, and what was in it.
            forget(feed);
        } else if (mark.problem() != null) {
            session.loop().schedule(RETRY_MILLIS, () -> {
                if (!closed && feed.state == State.JOINING) {
                    mark(List.of(feed));
                }
            });
        } else {
            feed.epoch = mark.epoch();
            feed.at(mark.from());
            // Other owners have answered later, and this one has gone on meanwhile.
            long end = Math.max(mark.dispatched(), feed.arrivedEnd);
            if (mark.from() >= end) {
                feed.state = State.LIVE;
            } else {
                read(feed, end);
                Waking first = waking;
                if (first == null || first.begun) {
                    request(feed);
                } else {
                    first.add(feed, mark);
                }
            }
        }
    }

    /** What a session finds when it comes back: as much of it as its limits allow. */
    private final class Waking {
        private final List<Feed> reading = new ArrayList<>();
        private final MqttLimits limits = session.services().limits();
        private final BacklogLimit limit = new BacklogLimit(limits.queuedMessagesMax(), limits.queuedBytesMax());
        private long records;
        private long bytes;
        private int missing;
        private boolean begun;

        void add(Feed feed, Mark mark) {
            reading.add(feed);
            feed.asleepUntil = mark.dispatched();
            records += mark.dispatched() - feed.next;
            bytes += mark.bytesBehind();
        }

        void begin() {
            begun = true;
            if (records <= limits.queuedMessagesMax() && bytes <= limits.queuedBytesMax()) {
                waking = null;
                reading.forEach(LogFeeds.this::request);
                return;
            }
            missing = reading.size();
            reading.forEach(this::look);
        }

        private void look(Feed feed) {
            BacklogLimit.OfFeed found = limit.of(feed);
            BacklogSink sink = new BacklogSink() {
                @Override
                public void messages(List<LoggedMessage> messages) {
                    for (LoggedMessage each : messages) {
                        if (qosOf(feed, each) > 0) {
                            found.add(
                                    each.offset(),
                                    each.timestampMillis(),
                                    each.message().sizeBytes());
                        }
                    }
                }

                @Override
                public void ended(long nextOffset, long lost, @Nullable RmqException failure) {
                    looked();
                }
            };
            log.read(feed.shard, subscriptions.filters(), feed.next, feed.readEnd, session.loop(), sink)
                    .request(Integer.MAX_VALUE);
        }

        private void looked() {
            if (--missing > 0 || closed) {
                return;
            }
            waking = null;
            limit.decide(limits.sessions().dropsOldest());
            lostByCount += limit.droppedByCount();
            lostByBytes += limit.droppedByBytes();
            session.services().counters().droppedQueueFull.add(limit.droppedByCount() + limit.droppedByBytes());
            for (BacklogLimit.OfFeed each : limit.feeds()) {
                if (each.feed.state == State.READING) {
                    each.feed.keepFrom = each.keptFrom();
                    each.feed.keepTo = each.keptTo();
                    request(each.feed);
                }
            }
        }
    }

    private int qosOf(Feed feed, LoggedMessage logged) {
        Target target = subscriptions.match(session, feed.shard, logged);
        return target == null ? 0 : Math.min(target.maxQos(), logged.message().qos());
    }

    void forget(Feed feed) {
        feeds.remove(feed.shard, feed);
        if (last == feed) {
            last = null;
        }
    }

    private void read(Feed feed, long end) {
        feed.beginReading(end);
        behind++;
        BacklogSink sink = new BacklogSink() {
            @Override
            public void messages(List<LoggedMessage> messages) {
                if (!closed && feed.state == State.READING) {
                    feed.requested -= messages.size();
                    for (LoggedMessage each : messages) {
                        if (feed.state == State.READING) {
                            take(feed, each);
                        }
                    }
                    session.drain();
                }
            }

            @Override
            public void ended(long nextOffset, long lost, @Nullable RmqException failure) {
                if (!closed && feed.state == State.READING) {
                    readEnded(feed, nextOffset, lost, failure);
                }
            }
        };
        feed.read = log.read(feed.shard, subscriptions.filters(), feed.next, end, session.loop(), sink);
    }

    private void take(Feed feed, LoggedMessage logged) {
        if (logged.offset() < feed.next) {
            return;
        }
        Target target = subscriptions.match(session, feed.shard, logged);
        int qos =
                target == null ? 0 : Math.min(target.maxQos(), logged.message().qos());
        if (target == null || qos == 0 || isDropped(feed, logged)) {
            feed.at(logged.offset() + 1);
            return;
        }
        queue(
                feed,
                new Pending(
                        logged.message(),
                        qos,
                        target.subscriptionIds(),
                        logged.retain() && target.retainAsPublished(),
                        feed,
                        logged.offset()));
    }

    /** What waited too long, or was too much when the session came back; counted then. */
    private boolean isDropped(Feed feed, LoggedMessage logged) {
        if (logged.offset() >= feed.asleepUntil) {
            return false;
        }
        long ageMax = session.services().limits().sessions().queuedAgeMillisMax();
        if (ageMax > 0 && logged.timestampMillis() < session.loop().clock().millis() - ageMax) {
            lostByAge++;
            session.services().counters().droppedTooOld.increment();
            return true;
        }
        return logged.offset() < feed.keepFrom || logged.offset() >= feed.keepTo;
    }

    /** Where the node has no memory for it the log is read again later. */
    private void queue(Feed feed, Pending message) {
        if (session.queue(message)) {
            feed.queued(message.offset());
            return;
        }
        if (feed.state == State.LIVE) {
            behind++;
        }
        feed.stopReading();
        feed.state = State.BEHIND;
        feed.at(message.offset());
        pause();
    }

    private void pause() {
        if (!paused) {
            paused = true;
            session.loop().schedule(RETRY_MILLIS, () -> {
                paused = false;
                if (!closed) {
                    session.drain();
                }
            });
        }
    }

    private void readEnded(Feed feed, long nextOffset, long lost, @Nullable RmqException failure) {
        feed.read = null;
        lostByRetention += lost;
        if (failure != null && failure.error() == RmqError.UNKNOWN_TOPIC) {
            behind--;
            forget(feed);
            return;
        }
        if (failure != null || feed.hasOverflown()) {
            if (failure == null) {
                feed.next = Math.max(feed.next, nextOffset);
            }
            feed.stopReading();
            feed.state = State.BEHIND;
            if (failure == null) {
                session.drain();
            } else {
                pause();
            }
            return;
        }
        feed.next = Math.max(feed.next, nextOffset);
        feed.state = State.LIVE;
        behind--;
        DurableState kept = session.durable();
        if (behind == 0 && kept != null) {
            kept.changed();
        }
        for (Pending parked = feed.nextParked();
                parked != null && feed.state == State.LIVE;
                parked = feed.nextParked()) {
            queue(feed, parked);
        }
        session.drain();
    }

    // --- the end

    /**
     * The connection is gone: asks the owners how far the session has seen everything, so that it will not look at it again.
     *
     * @param done positions are as good as they get
     */
    void leave(Runnable done) {
        Map<ShardId, Place> live = new HashMap<>();
        for (Feed feed : feeds.values()) {
            feed.stopReading();
            if (feed.state == State.READING) {
                // What was parked is forgotten: the end of that read, which may be on its way, must not make the feed
                // live.
                feed.state = State.BEHIND;
            }
            if (feed.state == State.LIVE && feed.waiting == 0) {
                live.put(feed.shard, new Place(feed.epoch, feed.next));
            }
        }
        mark(
                live,
                (shard, mark) -> {
                    Feed feed = feeds.get(shard);
                    // What arrived meanwhile has made it fall behind.
                    if (feed != null && feed.state == State.LIVE && mark != null && mark.problem() == null) {
                        feed.at(Math.max(feed.next, mark.dispatched()));
                    }
                },
                () -> {
                    closed = true;
                    done.run();
                });
    }

    void close() {
        closed = true;
        feeds.values().forEach(Feed::stopReading);
        feeds.clear();
    }
}
