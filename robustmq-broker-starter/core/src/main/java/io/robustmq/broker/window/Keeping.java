/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.SessionLogPort;
import io.robustmq.protocol.SessionLogPort.Concerned;
import io.robustmq.protocol.SessionLogPort.Mark;
import io.robustmq.protocol.SessionLogPort.Marks;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.WindowPort;
import io.robustmq.protocol.WindowPort.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a window outlives the process: knows how far it is, tells its coordinator now and then, and begins where the last process
 * has left. Confined to the window's loop.
 */
final class Keeping {
    private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);
    /** What a crash may repeat of QoS 1 is what was acknowledged in this time. */
    private static final long SAVE_MILLIS = 100;

    private static final long RETRY_MILLIS = 1000;

    private final GroupStore store;
    private final SessionLogPort log;
    private final Group group;
    private final Loop loop;
    private final Behind behind;
    private final Track track = new Track();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private long sinceMillis;
    private boolean stored;
    private boolean scheduled;
    private boolean saving;
    private boolean ended;
    /** Waits for the next write. */
    private List<Runnable> noted = new ArrayList<>();

    Keeping(GroupStore store, SessionLogPort log, Group group, Loop loop, Behind behind) {
        this.store = store;
        this.log = log;
        this.group = group;
        this.loop = loop;
        this.behind = behind;
    }

    /** Completes when it is kept for certain. */
    CompletableFuture<Void> begun() {
        return begun;
    }

    // --- the beginning

    /** From now on; or where it is, if it fell behind before. */
    void begin() {
        Map<ShardId, ShardPositions.Place> places = new HashMap<>();
        for (Concerned each : log.concerned(group.tenant(), group.filter())) {
            places.put(each.shard(), new ShardPositions.Place(0, -1));
        }
        mark(
                places,
                (shard, mark) -> {
                    if (mark != null && mark.problem() != null) {
                        // Nobody can promise what the group will find there.
                        begun.completeExceptionally(mark.problem());
                    } else if (mark != null) {
                        track.begin(shard, mark.epoch(), Math.min(mark.dispatched(), behind.nextOf(shard)));
                    }
                },
                this::create);
    }

    private void create() {
        if (begun.isDone()) {
            return;
        }
        GroupProgress first = track.progress();
        store.begin(group, first)
                .whenComplete((kept, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        begun.completeExceptionally(failure);
                    } else {
                        if (kept.progress() != first) {
                            // It was kept before, and could not be read when the process began.
                            goOn(kept);
                        }
                        created(kept);
                    }
                }));
    }

    private void created(StoredGroup kept) {
        sinceMillis = kept.sinceMillis();
        stored = true;
        begun.complete(null);
        changed();
    }

    /** Where an earlier process has left. */
    void restore(StoredGroup kept) {
        goOn(kept);
        for (Concerned each : log.concerned(group.tenant(), group.filter())) {
            if (!track.knows(each.shard())) {
                // A topic that came later is read from its beginning; one that came into sight otherwise, from now on.
                boolean later = each.topicCreatedMillis() >= kept.sinceMillis() || track.knowsTopicOf(each.shard());
                if (later) {
                    track.begin(each.shard(), 0, 0);
                }
                behind.restore(each.shard(), 0, 0, later ? 0 : -1);
            }
        }
        created(kept);
    }

    private void goOn(StoredGroup kept) {
        track.restore(kept);
        for (GroupProgress.Place each : kept.progress().places()) {
            behind.restore(each.shard(), each.epoch(), track.readFrom(each.shard()), each.next());
        }
    }

    /** See {@link Behind.Reader#found}. */
    void found(ShardId shard, long asked, Mark mark) {
        if (asked < 0) {
            track.begin(shard, mark.epoch(), mark.from());
        } else {
            track.truncate(shard, mark.from());
            track.epoch(shard, mark.epoch());
        }
        changed();
    }

    // --- messages

    /** A live message. Whether somebody has to get it. */
    boolean takes(ShardId shard, long offset) {
        if (!track.knows(shard)) {
            arrivedUnknown(shard, offset);
        }
        changed();
        return track.take(shard, offset);
    }

    /** All messages of a topic that came later are seen as they come. */
    private void arrivedUnknown(ShardId shard, long offset) {
        track.begin(shard, 0, offset);
        mark(
                Map.of(shard, new ShardPositions.Place(0, -1)),
                (asked, mark) -> {
                    if (mark != null && mark.problem() == null) {
                        track.epoch(shard, mark.epoch());
                    }
                },
                this::changed);
    }

    /** A message that was read. */
    boolean takesRead(ShardId shard, long offset) {
        changed();
        return track.take(shard, offset);
    }

    /** Everything below is over, or open already. */
    void seen(ShardId shard, long next) {
        track.seen(shard, next);
        changed();
    }

    /** A live message is left for later. */
    void skipped(ShardId shard, long offset) {
        if (!track.knows(shard)) {
            arrivedUnknown(shard, offset);
        }
    }

    /**
     * Nobody gets it any more.
     *
     * @param then when that is known after a crash; null when nobody asks
     */
    void settle(ShardId shard, long offset, @Nullable Runnable then) {
        track.settle(shard, offset);
        if (then != null) {
            whenNoted(then);
        } else {
            changed();
        }
    }

    void takenUp(String clientId, ShardId shard, long offset) {
        track.takenUp(clientId, shard, offset);
    }

    void left(String clientId) {
        track.left(clientId);
        changed();
    }

    void gone(ShardId shard) {
        track.forget(shard);
        changed();
    }

    void lost(long count, long bytes, long age, long retention) {
        track.lost(count, bytes, age, retention);
        changed();
    }

    /** Nobody is there: what was shown until now needs not be looked at again. */
    void offline() {
        Map<ShardId, ShardPositions.Place> live = new HashMap<>();
        for (ShardId each : track.shards()) {
            if (!behind.contains(each)) {
                live.put(each, new ShardPositions.Place(track.epoch(each), track.next(each)));
            }
        }
        mark(
                live,
                (shard, mark) -> {
                    if (mark != null && mark.problem() == null && !behind.contains(shard)) {
                        track.seen(shard, mark.dispatched());
                    }
                },
                this::changed);
    }

    private void mark(
            Map<ShardId, ShardPositions.Place> places, BiConsumer<ShardId, @Nullable Mark> each, Runnable done) {
        log.mark(ShardPositions.of(places), loop, new Marks() {
            @Override
            public void marked(ShardId shard, @Nullable Mark mark) {
                if (!ended) {
                    each.accept(shard, mark);
                }
            }

            @Override
            public void done() {
                if (!ended) {
                    done.run();
                }
            }
        });
    }

    // --- progress

    private void changed() {
        if (!scheduled && stored && !ended) {
            scheduled = true;
            loop.schedule(SAVE_MILLIS, () -> {
                scheduled = false;
                save();
            });
        }
    }

    /** What happens in one turn of the loop, and while another write is under way, is written together. */
    private void whenNoted(Runnable task) {
        if (ended) {
            task.run();
            return;
        }
        boolean first = noted.isEmpty();
        noted.add(task);
        if (first && !saving && stored) {
            loop.execute(() -> {
                if (!saving && !noted.isEmpty()) {
                    save();
                }
            });
        }
    }

    private void save() {
        if (ended) {
            return;
        }
        if (saving) {
            changed();
            return;
        }
        saving = true;
        List<Runnable> told = noted;
        noted = new ArrayList<>();
        store.progress(group, sinceMillis, track.progress(), !told.isEmpty())
                .whenComplete((v, failure) -> loop.execute(() -> saved(told, failure)));
    }

    private void saved(List<Runnable> told, @Nullable Throwable failure) {
        saving = false;
        if (failure == null || ended) {
            told.forEach(Runnable::run);
            if (!noted.isEmpty()) {
                save();
            }
            return;
        }
        noted.addAll(0, told);
        RmqError why = RmqException.errorOf(failure);
        if (why == RmqError.NOT_FOUND) {
            end();
        } else if (why != RmqError.CLOSED) {
            LOG.debug("how far the group '{}' is is told later: {}", group.name(), failure.getMessage());
            loop.schedule(RETRY_MILLIS, () -> {
                if (!saving) {
                    save();
                }
            });
        }
    }

    /** Tells how far it is now, before the process ends; runs the task when that is known, or cannot be told. */
    void flush(Runnable done) {
        if (ended || !stored) {
            done.run();
        } else {
            store.progress(group, sinceMillis, track.progress(), false).whenComplete((v, failure) -> done.run());
        }
    }

    /** It is not kept any more. */
    void end() {
        ended = true;
        List<Runnable> told = noted;
        noted = new ArrayList<>();
        told.forEach(Runnable::run);
    }

    WindowPort.Kept describe() {
        ShardPositions positions = track.positions();
        return new WindowPort.Kept(sinceMillis, positions, log.recordsBehind(positions), track.drops());
    }
}
