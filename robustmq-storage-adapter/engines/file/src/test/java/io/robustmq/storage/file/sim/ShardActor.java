/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.TimestampAndOffset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Those who use one shard: its owners, one after the other and sometimes two at a time, and its readers. Confined to the simulation. */
final class ShardActor {
    private final LogRun run;
    private final SimRandom random;
    private final ShardId id;
    final ShardModel model;
    private ShardConfig config;
    private @Nullable Owner current;
    private @Nullable Owner former;
    private int version;
    private int waiting;
    private int opening;
    /** Since it was last looked at. */
    private boolean powerLost;

    /** A store in the hands of one owner. */
    private static final class Owner {
        final Life life;
        final ShardStore store;
        final int epoch;
        final Loop loop;
        int sent;
        int answered;
        boolean closing;
        long heardWatermark = -1;

        Owner(Life life, ShardStore store, int epoch, Loop loop) {
            this.life = life;
            this.store = store;
            this.epoch = epoch;
            this.loop = loop;
        }
    }

    ShardActor(LogRun run, int number, SimRandom random) {
        this.run = run;
        this.random = random;
        id = new ShardId(new TopicId(3, 4), number);
        model = new ShardModel("shard " + number);
        config = randomConfig();
    }

    private ShardConfig randomConfig() {
        Durability durability = random.percent(60) ? Durability.FSYNC : Durability.OS_BUFFER;
        long flush = durability == Durability.OS_BUFFER && random.percent(40) ? 5 + random.nextInt(50) : -1;
        int segment = 4096 << random.nextInt(3);
        return new ShardConfig(-1, -1, -1, 1 << 16, random.percent(30), durability, flush, segment, -1);
    }

    ShardId id() {
        return id;
    }

    /** Calls that have not been answered. */
    int waiting() {
        return waiting;
    }

    // --- a new process

    void powerLost() {
        powerLost = true;
    }

    /** Opens the shard and reads all of it. */
    void recover(Life life) {
        current = null;
        former = null;
        waiting = 0;
        opening = 0;
        boolean mayBeGone = model.isDestroying();
        if (model.fence() > 0 && !mayBeGone && random.percent(30)) {
            expectFenced(life, random.nextInt(model.fence()));
        }
        int epoch = Math.max(model.highestTried(), 0) + 1;
        Loop loop = life.owner(random.nextInt(2));
        model.opening(epoch);
        ShardStore store = life.on(loop, () -> life.engine.open(id, config, epoch, loop));
        Owner owner = took(life, store, epoch, loop);
        ShardStats stats = store.stats();
        model.recovered(stats.startOffset(), stats.highWatermark(), powerLost, mayBeGone && hasState(owner));
        powerLost = false;
        // A shard that turned out to be destroyed begins again.
        model.opening(epoch);
        model.opened(epoch);
        readAll(owner);
        model.settled();
        states(owner);
    }

    private boolean hasState(Owner owner) {
        boolean found = false;
        for (String name : List.copyOf(model.states())) {
            try {
                StateSnapshot state = owner.life.on(owner.loop, () -> owner.store.getState(name));
                found |= state.offset() >= 0;
                state.owned().release();
            } catch (RmqException e) {
                found = true;
            }
        }
        return found;
    }

    private void expectFenced(Life life, int epoch) {
        Loop loop = life.owner(0);
        try {
            life.on(loop, () -> life.engine.open(id, config, epoch, loop));
        } catch (RmqException e) {
            model.check(
                    e.error() == RmqError.FENCED || run.accepts(life, e),
                    "epoch " + epoch + " was refused with " + e + " instead of FENCED");
            return;
        }
        throw model.wrong("epoch " + epoch + " was opened behind epoch " + model.fence());
    }

    private Owner took(Life life, ShardStore opened, int epoch, Loop loop) {
        ShardStore store = run.defect() == Defect.NONE ? opened : new BrokenStore(opened, run.defect());
        Owner owner = new Owner(life, store, epoch, loop);
        former = current;
        current = owner;
        store.onHighWatermark(life.client(), value -> {
            model.check(value >= owner.heardWatermark, "a listener heard " + value + " behind " + owner.heardWatermark);
            owner.heardWatermark = value;
        });
        return owner;
    }

    /** All that is there, with nobody writing. */
    void verify(Life life) {
        Owner owner = current;
        if (owner == null || owner.life != life || model.isDestroying() || owner.closing) {
            return;
        }
        model.seen(owner.store.stats());
        readAll(owner);
        states(owner);
    }

    private void readAll(Owner owner) {
        ShardStats stats = owner.store.stats();
        long next = stats.startOffset();
        long end = stats.highWatermark();
        Set<Long> seen = new HashSet<>();
        while (next < end) {
            long from = next;
            ReadLimits limits = ReadLimits.ofBytes(1 + random.nextInt(20_000));
            Long after = owner.life.on(owner.life.client(), () -> read(owner, from, limits, seen));
            if (after == null) {
                // Damage was told.
                return;
            }
            if (after == from) {
                break;
            }
            next = after;
        }
        model.dense(stats.startOffset(), end, seen);
    }

    /** Answers where the next read begins; null when damage was told. */
    private CompletionStage<@Nullable Long> read(Owner owner, long from, ReadLimits limits, @Nullable Set<Long> seen) {
        CompletableFuture<@Nullable Long> done = new CompletableFuture<>();
        long before = model.watermark();
        int compactions = model.compactions();
        int incarnation = model.incarnation();
        owner.store.read(from, limits, owner.life.client(), (bytes, highWatermark, failure) -> {
            try {
                if (owner.life.isDead() || incarnation != model.incarnation() || model.isDestroying()) {
                    done.complete(null);
                } else if (failure != null) {
                    readFailed(owner, from, before, failure);
                    done.complete(null);
                } else {
                    model.check(
                            highWatermark >= before, "a read saw the watermark " + highWatermark + " after " + before);
                    if (seen != null) {
                        offsets(bytes, seen);
                    }
                    done.complete(model.read(from, limits, bytes, highWatermark, !owner.life.isDead(), compactions));
                }
            } catch (AssertionError e) {
                done.completeExceptionally(e);
                throw e;
            } finally {
                if (bytes != null) {
                    bytes.release();
                }
            }
        });
        return done;
    }

    private static void offsets(ByteBuf bytes, Set<Long> seen) {
        io.robustmq.kernel.record.RecordBatchReader reader =
                new io.robustmq.kernel.record.RecordBatchReader().reset(bytes);
        while (reader.nextBatch()) {
            while (reader.nextRecord()) {
                seen.add(reader.record().offset());
            }
        }
    }

    private void readFailed(Owner owner, long from, long watermarkBefore, RmqException failure) {
        switch (failure.error()) {
            case OUT_OF_RANGE ->
                model.check(
                        from < model.highStart() || from > watermarkBefore,
                        "a read from " + from + " is told " + failure);
            case CLOSED ->
                model.check(owner != current || owner.closing || owner.life.closing, "a read is told " + failure);
            default -> model.check(run.accepts(owner.life, failure), "a read from " + from + " fails with " + failure);
        }
    }

    private void states(Owner owner) {
        for (String name : List.copyOf(model.states())) {
            try {
                StateSnapshot found = owner.life.on(owner.loop, () -> owner.store.getState(name));
                stateIs(name, found, true);
            } catch (RmqException e) {
                boolean fenced = e.error() == RmqError.FENCED && owner.epoch < model.highestTried();
                model.check(fenced || run.accepts(owner.life, e), "state " + name + " fails with " + e);
            }
        }
    }

    private void stateIs(String name, StateSnapshot found, boolean asLast) {
        String text = found.owned().toString(StandardCharsets.UTF_8);
        found.owned().release();
        int at = (int) found.offset();
        model.check(
                at == -1 ? text.isEmpty() : text.equals(stateText(name, at)),
                "state " + name + " at " + at + ": " + text);
        model.state(name, at, asLast);
    }

    private String stateText(String name, int at) {
        return model.incarnation() + name + at + "y".repeat(at * 37 % 400);
    }

    // --- after every event

    void look() {
        model.throwFirst();
        if (current != null && run.mayRefuse(current.life)) {
            model.mayRefuse();
        }
        Owner owner = current;
        if (owner != null && !owner.life.isDead() && !owner.closing && !model.isDestroying()) {
            model.seen(owner.store.stats());
        }
    }

    // --- what is done at random

    void act(Life life) {
        Owner owner = current;
        if (owner == null || owner.life != life || owner.closing || model.isDestroying()) {
            if (opening == 0 && !model.isDestroying()) {
                open(life);
            }
            return;
        }
        int dice = random.nextInt(100);
        if (dice < 45) {
            burst(owner);
        } else if (dice < 67) {
            readSomewhere(owner);
        } else if (dice < 71) {
            deletePrefix(owner);
        } else if (dice < 76) {
            compact(owner);
        } else if (dice < 84) {
            state(owner);
        } else if (dice < 88) {
            open(life);
        } else if (dice < 91) {
            old(life);
        } else if (dice < 94) {
            update(owner);
        } else if (dice < 97) {
            byTime(owner);
        } else if (dice < 98) {
            destroy(owner);
        } else {
            close(owner);
        }
    }

    private void burst(Owner owner) {
        int batches = 1 + random.nextInt(random.percent(20) ? 12 : 3);
        for (int batch = 0; batch < batches; batch++) {
            append(owner);
        }
    }

    private void append(Owner owner) {
        Durability durability = config.durability() == Durability.FSYNC
                ? random.percent(80) ? Durability.FSYNC : Durability.OS_BUFFER
                : random.percent(20) ? Durability.FSYNC : Durability.OS_BUFFER;
        Sent sent = new Sent(
                owner.life.number, model.incarnation(), owner.epoch, owner.sent++, run.nextSequence(), durability);
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            sent.add(1_000_000 + random.nextInt(10_000), random.percent(8) ? 3000 : random.nextInt(300));
        }
        model.sent(sent);
        RecordBatch batch = run.track(sent.batch());
        waiting++;
        owner.loop.execute(() -> owner.store.append(batch, durability, (base, failure) -> {
            model.check(owner.answered++ == sent.number, "answer " + (owner.answered - 1) + " is for " + sent);
            waiting--;
            if (!owner.life.isDead() && sent.incarnation == model.incarnation()) {
                appended(owner, sent, base, failure);
            }
        }));
    }

    private void appended(Owner owner, Sent sent, long base, @Nullable RmqException failure) {
        if (failure == null) {
            model.check(
                    owner.epoch >= model.fence() || sent.base >= 0 || base < fencedAt,
                    "a fenced owner was told that it appended at " + base + ": " + sent);
            model.acknowledged(sent, base);
            return;
        }
        model.check(base == -1, "a failed append has an offset");
        boolean superseded = owner.closing || model.isDestroying() || owner.epoch < model.highestTried();
        boolean known = superseded && (failure.error() == RmqError.FENCED || failure.error() == RmqError.CLOSED);
        model.check(known || run.accepts(owner.life, failure), "an append failed with " + failure + ": " + sent);
        model.failed(sent, failure.error() != RmqError.STORAGE_FAILED, failure.toString());
    }

    private void readSomewhere(Owner owner) {
        long low = Math.max(0, model.start() - 2);
        long from = low + random.nextInt((int) (model.watermark() - low) + 3);
        int maxBytes = random.percent(20) ? 1 : 1 + random.nextInt(10_000);
        long maxOffset = random.percent(20) ? from + random.nextInt(10) : Long.MAX_VALUE;
        ReadLimits limits = new ReadLimits(maxBytes, maxOffset);
        owner.life.client().execute(() -> read(owner, from, limits, null));
    }

    private void deletePrefix(Owner owner) {
        long[] least = new long[1];
        long to = model.start() + random.nextInt((int) Math.min(30, model.watermark() - model.start()) + 2);
        call(
                owner,
                () -> {
                    least[0] = Math.min(to, model.watermark());
                    model.deleting(to);
                    return owner.store.deletePrefix(to);
                },
                (start, failure) -> {
                    if (failure == null) {
                        model.check(start >= least[0], "deleted up to " + start + " instead of " + to);
                        model.deleted(start);
                    }
                });
    }

    /** Some whole batches of a range go, the others stay as they are. */
    private void compact(Owner owner) {
        if (model.isCompacting() || waiting > 0) {
            return;
        }
        TreeMap<Long, Sent> batches = new TreeMap<>();
        for (Map.Entry<Long, ShardModel.Slot> slot : model.slots().entrySet()) {
            Sent sent = slot.getValue().sent();
            if (sent.base >= model.highStart() && sent.base + sent.count() <= model.watermark()) {
                batches.put(sent.base, sent);
            }
        }
        List<Sent> all = new ArrayList<>(batches.values());
        if (all.size() < 4) {
            return;
        }
        int from = random.nextInt(all.size() - 1);
        int to = from + 1 + random.nextInt(Math.min(12, all.size() - from));
        Set<Long> goes = new HashSet<>();
        List<RecordBatch> stays = new ArrayList<>();
        for (Sent sent : all.subList(from, Math.min(to, all.size()))) {
            if (random.percent(60)) {
                for (int index = 0; index < sent.count(); index++) {
                    goes.add(sent.base + index);
                }
            } else {
                RecordBatch copy = run.track(sent.batch());
                copy.assign(sent.base, sent.epoch);
                stays.add(copy);
            }
        }
        Sent last = all.get(Math.min(to, all.size()) - 1);
        OffsetRange range = new OffsetRange(all.get(from).base, last.base + last.count());
        ShardModel.Compaction compaction = new ShardModel.Compaction(goes);
        model.compacting(compaction);
        call(owner, () -> owner.store.replace(range, stays), (done, failure) -> {
            if (failure == null) {
                model.compactionIs(compaction, true);
            } else {
                model.compactionIs(compaction, false);
            }
        });
    }

    private void state(Owner owner) {
        String name = "s" + random.nextInt(2);
        if (random.percent(60)) {
            int stamp = ++version;
            ByteBuf bytes = run.track(
                    Unpooled.directBuffer().writeBytes(stateText(name, stamp).getBytes(StandardCharsets.UTF_8)));
            call(
                    owner,
                    () -> {
                        model.putting(name, stamp);
                        return owner.store.putState(name, stamp, bytes);
                    },
                    (done, failure) -> {
                        if (failure == null) {
                            model.put(name, stamp);
                        }
                    });
        } else {
            call(owner, () -> owner.store.getState(name), (found, failure) -> {
                if (failure == null) {
                    stateIs(name, found, false);
                }
            });
        }
    }

    private void byTime(Owner owner) {
        long time = random.percent(20) ? ShardStore.LATEST_TIMESTAMP : 1_000_000 + random.nextInt(10_500);
        call(owner, () -> owner.store.offsetForTimestamp(time), (found, failure) -> {
            if (failure == null && !found.equals(TimestampAndOffset.NONE)) {
                ShardModel.Slot slot = model.slots().get(found.offset());
                model.check(
                        slot == null || slot.timestamp() == found.timestampMillis(),
                        "by time " + time + " there is " + found);
                model.check(
                        time == ShardStore.LATEST_TIMESTAMP || found.timestampMillis() >= time,
                        "by time " + time + " there is " + found);
            }
        });
    }

    private void update(Owner owner) {
        ShardConfig next = randomConfig();
        call(
                owner,
                () -> {
                    config = next;
                    return owner.store.update(next);
                },
                (done, failure) -> {});
    }

    private long fencedAt;

    private void open(Life life) {
        int epoch = Math.max(0, model.highestTried()) + 1;
        Loop loop = life.owner(random.nextInt(2));
        model.opening(epoch);
        int incarnation = model.incarnation();
        waiting++;
        opening++;
        loop.execute(() -> life.engine.open(id, config, epoch, loop).whenComplete((store, failure) -> {
            waiting--;
            opening--;
            if (life.isDead() || incarnation != model.incarnation() || model.isDestroying()) {
                return;
            }
            if (failure == null) {
                fencedAt = store.stats().endOffset();
                model.opened(epoch);
                took(life, store, epoch, loop);
            } else {
                RmqException why = known(failure);
                boolean overtaken = why.error() == RmqError.FENCED && epoch < model.highestTried();
                model.check(overtaken || run.accepts(life, why), "epoch " + epoch + " cannot be opened: " + failure);
            }
        }));
    }

    /** One who has been fenced goes on, or comes late. */
    private void old(Life life) {
        Owner owner = former;
        if (owner != null && owner.life == life && !owner.closing && owner.epoch < model.fence()) {
            append(owner);
        } else if (model.fence() > 0) {
            int epoch = random.nextInt(model.fence());
            Loop loop = life.owner(0);
            int incarnation = model.incarnation();
            // Behind a destruction it would be the first one of the next shard.
            opening++;
            loop.execute(() -> life.engine.open(id, config, epoch, loop).whenComplete((store, failure) -> {
                opening--;
                model.check(
                        failure != null || life.isDead() || incarnation != model.incarnation(),
                        "epoch " + epoch + " was opened again");
            }));
        }
    }

    private void destroy(Owner owner) {
        if (opening > 0) {
            return;
        }
        model.destroying();
        owner.closing = true;
        waiting++;
        owner.loop.execute(() -> owner.life
                .engine
                .destroy(id)
                .whenComplete((done, failure) -> owner.loop.execute(() -> {
                    waiting--;
                    if (owner.life.isDead()) {
                        return;
                    }
                    if (failure == null) {
                        model.destroyed();
                        current = null;
                        former = null;
                    } else {
                        model.check(run.accepts(owner.life, known(failure)), "cannot be destroyed: " + failure);
                    }
                })));
    }

    private void close(Owner owner) {
        owner.closing = true;
        waiting++;
        owner.loop.execute(() -> owner.store.close().whenComplete((done, failure) -> waiting--));
    }

    private static RmqException known(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RmqException known ? known : new RmqException(RmqError.INTERNAL, "unknown", cause);
    }

    private <T> void call(Owner owner, Supplier<CompletionStage<T>> work, BiConsumer<T, @Nullable RmqException> done) {
        waiting++;
        int incarnation = model.incarnation();
        owner.loop.execute(() -> work.get().whenComplete((value, failure) -> {
            waiting--;
            if (owner.life.isDead() || incarnation != model.incarnation() || model.isDestroying()) {
                if (value instanceof StateSnapshot state) {
                    state.owned().release();
                }
                return;
            }
            RmqException why = failure == null ? null : known(failure);
            if (why != null) {
                boolean superseded = owner.closing || owner.epoch < model.highestTried();
                boolean over = superseded && (why.error() == RmqError.FENCED || why.error() == RmqError.CLOSED);
                boolean busy = why.error() == RmqError.INVALID_REQUEST && model.isCompacting();
                boolean expected = over || busy || why.error() == RmqError.UNAVAILABLE;
                model.check(expected || run.accepts(owner.life, why), "a call failed with " + why);
            }
            done.accept(value, why);
        }));
    }
}
