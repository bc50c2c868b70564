/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.log.LogConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history of one seed: processes that live one after the other on one disk, use their shards at random, and end by being
 * closed, killed, or with the power. Confined to the thread of the simulation.
 */
final class LogRun {
    private final long seed;
    private final Defect defect;
    private final SimScheduler scheduler;
    private final SimRandom random;
    private final SimDisk device;
    private final List<ShardActor> actors = new ArrayList<>();
    private final List<ByteBuf> tracked = new ArrayList<>();
    private final LogConfig config;
    private final Rot rot;
    private @Nullable Life life;
    private long sequence;
    private int lives;
    private boolean power;
    private long replayed;

    LogRun(long seed, Defect defect) {
        this.seed = seed;
        this.defect = defect;
        scheduler = new SimScheduler(seed);
        random = scheduler.random("history");
        device = new SimDisk(scheduler, "device");
        config = randomConfig();
        rot = new Rot(device, scheduler.random("rot"));
        int shards = 1 + random.nextInt(4);
        for (int shard = 0; shard < shards; shard++) {
            actors.add(new ShardActor(this, shard, scheduler.random("shard" + shard)));
        }
        scheduler.afterEachEvent(() -> actors.forEach(ShardActor::look));
    }

    private LogConfig randomConfig() {
        LogConfig base = new LogConfig(
                1 << 16,
                1 << 16 << random.nextInt(3),
                8192 << random.nextInt(3),
                1 << 20,
                1 << 12,
                0,
                random.percent(20) ? 2 : 64,
                1 << 14 << random.nextInt(3),
                5 + random.nextInt(30));
        return random.percent(15) ? base.withInbox(3000, 8) : base;
    }

    Defect defect() {
        return defect;
    }

    long nextSequence() {
        return sequence++;
    }

    RecordBatch track(RecordBatch batch) {
        tracked.add(batch.buffer());
        return batch;
    }

    ByteBuf track(ByteBuf buffer) {
        tracked.add(buffer);
        return buffer;
    }

    Rot rot() {
        return rot;
    }

    /** How many of the log's records were replayed in all. */
    long replayed() {
        return replayed;
    }

    long events() {
        return scheduler.events();
    }

    /** Whether a failure follows from what was done to the disk. */
    boolean accepts(Life life, RmqException failure) {
        RmqError error = failure.error();
        return life.isDead()
                || error == RmqError.CLOSED && life.closing
                || error == RmqError.STORAGE_FULL && life.mayBeFull
                || error == RmqError.STORAGE_FAILED && (life.mayFail || life.mayBeFull)
                || error == RmqError.OVERLOADED && config.inboxCount() < 100
                || error == RmqError.CORRUPT_DATA && rot.isThere();
    }

    boolean mayRefuse(Life life) {
        return life.mayFail || life.mayBeFull || config.inboxCount() < 100;
    }

    // --- the history

    void play() {
        long held =
                PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() + PooledByteBufAllocator.DEFAULT.pinnedHeapMemory();
        int planned = 2 + random.nextInt(4);
        boolean rots = random.percent(30);
        while (lives < planned) {
            if (!live(rots && lives == planned - 1)) {
                return;
            }
        }
        if (rots && !rot.isThere()) {
            rot.strike(false);
            blind();
        }
        if (live(false, 0)) {
            checkNothingLeft(held);
        }
    }

    private boolean live(boolean rots) {
        return live(rots, 20 + random.nextInt(60));
    }

    /** One process; false when damage ends the history. */
    private boolean live(boolean rots, int acts) {
        boolean last = acts == 0;
        Life now = new Life(scheduler, device, ++lives, config, scheduler.random("life" + lives), defect);
        life = now;
        if (blindFrom != null) {
            now.disk.blindBehind(blindFrom, blindAt);
        }
        try {
            if (!last && random.percent(15)) {
                now.disk.dieAfter(random.nextInt(25));
            }
            if (!begin(now)) {
                now.bury();
                return false;
            }
            if (!last) {
                act(now, acts, rots);
            }
            quiet(now);
            if (last || random.percent(25)) {
                closeCleanly(now);
                return true;
            }
        } catch (Life.Died died) {
            // As planned.
        }
        end(now);
        return true;
    }

    private boolean begin(Life now) {
        try {
            now.await(now.log.mount());
            replayed += now.log.recovery() == null ? 0 : now.log.recovery().records();
            for (ShardActor actor : actors) {
                actor.recover(now);
            }
        } catch (RmqException e) {
            if (!rot.told(e)) {
                throw new AssertionError("the disk does not open: " + e, e);
            }
            return false;
        }
        return true;
    }

    private void act(Life now, int acts, boolean rots) {
        if (random.percent(30)) {
            now.disk.dieAfter(random.nextInt(200));
        }
        int troubleAt = random.percent(40) ? random.nextInt(acts) : -1;
        int rotAt = rots && random.percent(50) ? random.nextInt(acts) : -1;
        device.slowForce(0, random.percent(30) ? 30_000_000 : 100_000);
        for (int act = 0; act < acts; act++) {
            if (act == troubleAt) {
                trouble(now);
            }
            if (act == rotAt) {
                rot.strike(true);
                blind();
            }
            actors.get(random.nextInt(actors.size())).act(now);
            now.run(random.nextInt(random.percent(10) ? 200 : 8));
            if (random.percent(4)) {
                scheduler.runForMillis(random.nextInt(60));
            }
        }
    }

    private @Nullable String blindFrom;
    private long blindAt;

    private void blind() {
        String path = rot.path();
        if (defect == Defect.DAMAGE_IS_THE_END && path != null && path.startsWith("wal/0")) {
            blindFrom = path;
            blindAt = rot.position() / 4096 * 4096;
        }
    }

    private void trouble(Life now) {
        switch (random.nextInt(5)) {
            case 0 -> {
                now.mayFail = true;
                now.forceFailed = true;
                device.failForceAfter(random.nextInt(8));
            }
            case 1 -> {
                now.mayFail = true;
                device.failWriteAfter(random.nextInt(12));
            }
            case 2 -> {
                now.mayFail = true;
                device.readOnly(true);
            }
            case 3 -> {
                now.mayBeFull = true;
                device.capacity(Long.MAX_VALUE - device.freeBytes() + random.nextInt(30_000));
            }
            default -> {
                String path = rot.anyFile(random);
                if (path != null) {
                    now.mayFail = true;
                    device.failReadsOf(path);
                }
            }
        }
    }

    private void heal() {
        device.readOnly(false);
        device.capacity(Long.MAX_VALUE);
        device.failReadsOf(null);
        device.slowForce(0, 0);
    }

    private void quiet(Life now) {
        if (random.percent(60) || !now.mayFail) {
            heal();
            scheduler.runUntil(() -> now.isDead() || actors.stream().allMatch(actor -> actor.waiting() == 0), 60_000);
            scheduler.runForMillis(100);
            now.run(0);
            actors.forEach(actor -> actor.verify(now));
        }
    }

    private void closeCleanly(Life now) {
        // A force that was armed and has not come would fail the close.
        boolean healthy = !now.mayFail && !now.mayBeFull;
        now.closing = true;
        now.close();
        checkGivenBack(now);
        heal();
        power = now.forceFailed || random.percent(50);
        if (healthy) {
            actors.forEach(actor -> actor.model.closedCleanly());
        }
        stop();
    }

    private void stop() {
        if (power) {
            device.crash();
            actors.forEach(ShardActor::powerLost);
        } else {
            device.kill();
        }
    }

    private void end(Life now) {
        power = now.forceFailed || now.disk.isTorn() || random.percent(60);
        now.disk.die();
        now.bury();
        checkGivenBack(now);
        heal();
        stop();
    }

    // --- I8

    private void checkGivenBack(Life now) {
        for (ShardActor actor : actors) {
            actor.model.throwFirst();
            actor.model.check(actor.waiting() == 0, actor.waiting() + " calls were never answered");
        }
        for (ByteBuf buffer : tracked) {
            if (buffer.refCnt() != 0) {
                throw new AssertionError("a buffer was not given back, it has " + buffer.refCnt() + " references");
            }
        }
        tracked.clear();
        String left = now.leftBehind();
        if (left != null) {
            throw new AssertionError("a process has ended and left " + left);
        }
    }

    /** After a failure: what was left is not to be reported once more. */
    void giveUp() {
        for (ByteBuf buffer : tracked) {
            if (buffer.refCnt() > 0) {
                buffer.release(buffer.refCnt());
            }
        }
    }

    private static void checkNothingLeft(long heldBefore) {
        long held =
                PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() + PooledByteBufAllocator.DEFAULT.pinnedHeapMemory();
        if (held != heldBefore) {
            throw new AssertionError("buffers of " + (held - heldBefore) + " bytes have leaked");
        }
    }

    @Override
    public String toString() {
        return "seed " + seed + ", life " + lives;
    }
}
