/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.index.RecordsAt;
import io.robustmq.broker.index.SubjectFilter;
import io.robustmq.broker.index.SubjectMatcher;
import io.robustmq.broker.session.Backlog;
import io.robustmq.broker.session.LoggedMessages;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.SubjectBinding;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.SessionLogPort;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.storage.ShardStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log as sessions read it, through the owners of its shards. Thread-safe. */
final class SessionLog implements SessionLogPort {
    private static final String PROTOCOL = "mqtt";

    private final Broker broker;

    SessionLog(Broker broker) {
        this.broker = broker;
    }

    @Override
    public boolean wildcardsCross() {
        return broker.config().wildcardsCross();
    }

    // --- which shards

    @Override
    public List<Concerned> concerned(String tenant, String filter) {
        if (Subjects.isPrivate(filter)) {
            return List.of();
        }
        Directory directory = broker.directory();
        List<Concerned> found = new ArrayList<>();
        if (Subjects.hasWildcard(Spelling.SLASH, filter)) {
            // What no binding may look like may still be subscribed to: then every topic is looked at.
            SubjectBinding wanted = SubjectBinding.problem(filter) == null ? SubjectBinding.parse(filter) : null;
            directory.byName().forEach((name, topic) -> {
                if (name.tenant().equals(tenant) && isFor(topic) && mayMeet(topic, wanted)) {
                    addAll(topic, found);
                }
            });
            return found;
        }
        String canonical = Subjects.canonical(filter);
        ServedTopic bound = directory.bound(tenant, canonical);
        if (bound != null) {
            if (isFor(bound)) {
                add(bound, canonical, found);
            }
            return found;
        }
        directory.byName().forEach((name, topic) -> {
            if (name.tenant().equals(tenant)
                    && isFor(topic)
                    && topic.info().bindings().isEmpty()) {
                add(topic, canonical, found);
            }
        });
        return found;
    }

    private static boolean isFor(ServedTopic topic) {
        return !topic.info().internal() && topic.isVisibleTo(PROTOCOL);
    }

    private static boolean mayMeet(ServedTopic topic, @Nullable SubjectBinding wanted) {
        List<String> bindings = topic.info().bindings();
        return wanted == null
                || bindings.isEmpty()
                || bindings.stream()
                        .anyMatch(binding -> SubjectBinding.parse(binding).overlaps(wanted));
    }

    /** In a topic that binds names the partition depends on who publishes. */
    private static void add(ServedTopic topic, String canonical, List<Concerned> to) {
        if (topic.wildcard()) {
            to.add(new Concerned(topic.shardOf(canonical).shard(), topic.info().createdMillis()));
        } else {
            addAll(topic, to);
        }
    }

    private static void addAll(ServedTopic topic, List<Concerned> to) {
        for (ShardHandle shard : topic.shards()) {
            to.add(new Concerned(shard.shard(), topic.info().createdMillis()));
        }
    }

    private @Nullable ServedTopic topic(ShardId shard) {
        return broker.directory().byId(shard.topic());
    }

    @Override
    public long recordsBehind(ShardPositions positions) {
        long records = 0;
        for (int i = 0; i < positions.size(); i++) {
            ServedTopic topic = topic(positions.shard(i));
            if (topic != null) {
                ShardHandle shard = topic.shards()[positions.shard(i).partition()];
                if (shard.problem() == null) {
                    ShardStats stats = shard.store().stats();
                    records += Math.max(0, stats.highWatermark() - Math.max(positions.offset(i), stats.startOffset()));
                }
            }
        }
        return records;
    }

    // --- where owners are

    @Override
    public void mark(ShardPositions places, Loop loop, Marks marks) {
        Marking marking = new Marking(loop, marks, places.size());
        for (int i = 0; i < places.size(); i++) {
            ShardId id = places.shard(i);
            ServedTopic topic = topic(id);
            if (topic == null || id.partition() >= topic.shards().length) {
                marking.answer(id, null);
                continue;
            }
            ShardHandle shard = topic.shards()[id.partition()];
            int epoch = places.epoch(i);
            long offset = places.offset(i);
            // Never at once: what the asker does when it is told must not lie behind what is dispatched in between.
            shard.loop().execute(() -> marking.answer(id, mark(shard, epoch, offset)));
        }
        loop.execute(marking::answered);
    }

    /** On the owner's loop. */
    private static Mark mark(ShardHandle shard, int epoch, long offset) {
        if (shard.problem() != null) {
            return new Mark(0, -1, offset, 0, shard.problem());
        }
        long dispatched = shard.order().dispatched();
        ShardStats stats = shard.store().stats();
        long from = offset < 0 ? dispatched : from(stats, epoch, offset, dispatched);
        double recordBytes = (double) stats.bytes() / Math.max(1, stats.highWatermark() - stats.startOffset());
        return new Mark(shard.epoch(), dispatched, from, (long) ((dispatched - from) * recordBytes), null);
    }

    /** An owner that lost records it had shown, or all of them as memory does, begins again below where it was. */
    private static long from(ShardStats stats, int epoch, long offset, long dispatched) {
        long end = Epochs.endOf(stats, epoch).endOffset();
        long known = end < 0 ? offset : Math.min(offset, Math.max(end, stats.startOffset()));
        return Math.min(known, dispatched);
    }

    /** Confined to the asker's loop, but for {@link #answer}. */
    private static final class Marking {
        private final Loop loop;
        private final Marks marks;
        private int missing;

        Marking(Loop loop, Marks marks, int shards) {
            this.loop = loop;
            this.marks = marks;
            this.missing = shards + 1;
        }

        /** From the owner's loop: behind the runs that it has handed over, and before the next one. */
        void answer(ShardId shard, @Nullable Mark mark) {
            if (loop.inLoop()) {
                marked(shard, mark);
            } else {
                loop.execute(() -> marked(shard, mark));
            }
        }

        private void marked(ShardId shard, @Nullable Mark mark) {
            marks.marked(shard, mark);
            answered();
        }

        void answered() {
            if (--missing == 0) {
                marks.done();
            }
        }
    }

    // --- reads

    @Override
    public BacklogRead read(ShardId id, List<String> filters, long from, long to, Loop loop, BacklogSink sink) {
        ServedTopic topic = topic(id);
        ShardHandle shard = topic == null ? null : topic.shards()[id.partition()];
        RmqException problem = topic == null || shard == null ? gone(id) : shard.problem();
        if (topic == null || shard == null || problem != null) {
            RmqException why = problem == null ? gone(id) : problem;
            loop.execute(() -> sink.ended(-1, 0, why));
            return Backlog.NOTHING;
        }
        SubjectMatcher matcher = new SubjectMatcher(
                filters.stream()
                        .map(filter -> new SubjectFilter(Spelling.SLASH, filter))
                        .toList(),
                broker.config().wildcardsCross());
        Backlog backlog = new Backlog(new LoggedMessages(topic.wildcard()), loop, sink);
        backlog.begin(broker.indexes()
                .read(shard.store(), shard.loop(), broker.subjectRule(topic), matcher, from, to, backlog));
        return backlog;
    }

    private static RmqException gone(ShardId id) {
        return RmqError.UNKNOWN_TOPIC.exception("there is no shard " + id);
    }

    @Override
    public void find(
            String tenant, String subject, long session, int packetId, long sinceMillis, Loop loop, Exchanges done) {
        ServedTopic topic = topicOf(tenant, Subjects.canonical(subject));
        if (topic == null) {
            loop.execute(() -> done.found(List.of(), null));
            return;
        }
        List<ShardHandle> shards =
                topic.wildcard() ? List.of(topic.shardOf(Subjects.canonical(subject))) : List.of(topic.shards());
        new ExchangeSearch(broker, topic, subject, session, packetId, sinceMillis, loop, done).run(shards);
    }

    private @Nullable ServedTopic topicOf(String tenant, String canonical) {
        Directory directory = broker.directory();
        ServedTopic bound = directory.bound(tenant, canonical);
        return bound != null
                ? bound
                : broker.catchAll(directory, new RouteTable.Scope(tenant, PROTOCOL, Spelling.SLASH));
    }

    @Override
    public void fetch(ShardId id, long[] offsets, Loop loop, Fetched done) {
        ServedTopic topic = topic(id);
        ShardHandle shard = topic == null ? null : topic.shards()[id.partition()];
        RmqException problem = topic == null || shard == null ? gone(id) : shard.problem();
        if (topic == null || shard == null || problem != null) {
            loop.execute(() -> done.fetched(List.of(), problem));
            return;
        }
        long[] sorted = offsets.clone();
        Arrays.sort(sorted);
        List<LoggedMessage> found = new ArrayList<>();
        LoggedMessages messages = new LoggedMessages(topic.wildcard());
        RecordsAt records = new RecordsAt(
                shard.store(),
                broker.subjectRule(topic),
                sorted,
                loop,
                (record, subject, published) -> found.add(messages.of(record, subject, published)),
                failure -> done.fetched(found, failure));
        loop.execute(records::read);
    }
}
