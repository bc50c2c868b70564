/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.log.segment.Damage;
import io.robustmq.storage.log.segment.Scrubber;
import io.robustmq.storage.log.segment.Scrubber.Visit;
import io.robustmq.storage.log.segment.SegmentInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a disk's sealed segments again and again while it serves, streams in the order in which they were made, and
 * remembers what was not right. What runs is confined to the disk's loop for what nobody waits for; the public methods may
 * be called by any thread.
 */
public final class DiskScrub {
    private static final Logger LOG = LoggerFactory.getLogger(DiskScrub.class);
    private static final long PROGRESS_NANOS = 60_000_000_000L;
    private static final long ALL = Long.MAX_VALUE;
    /** Segments; what is found in more is logged and counted. */
    private static final int DAMAGED_MAX = 1000;

    private final LogDisk disk;
    private final ScrubConfig config;
    private final Loop loop;
    private final @Nullable Scrubber<LogStream> scrubber;
    private final AtomicBoolean begun = new AtomicBoolean();
    /** By the path of the segment. */
    private final Map<String, Damaged> damaged = new ConcurrentHashMap<>();

    private volatile long rounds;
    private volatile long endedMillis;
    private volatile boolean stopped;
    /** Whether it is all segments that are read, and not only those in which an earlier run has found damage. */
    private volatile boolean round;

    // Of the loop.
    private @Nullable Cancellable timer;
    private ScrubProgress progress = ScrubProgress.NONE;
    private long writtenNanos;

    private record Damaged(LogStream stream, List<Damage> damages) {}

    private final class Told implements Scrubber.Listener<LogStream> {
        @Override
        public void segmentDone(Visit<LogStream> visit, SegmentInfo segment, String path, List<Damage> damages) {
            DiskScrub.this.segmentDone(visit, segment, path, damages);
        }

        @Override
        public void roundDone(boolean whole) {
            DiskScrub.this.roundDone(whole);
        }
    }

    public DiskScrub(LogDisk disk, ScrubConfig config) {
        this.disk = disk;
        this.config = config;
        loop = disk.checkpointLoop();
        scrubber = config.isOff() ? null : new Scrubber<>(loop, config.bytesPerSecond(), new Told());
    }

    /** When the disk is mounted and has a stream; without effect after the first call. */
    public void begin() {
        if (scrubber != null && !stopped && begun.compareAndSet(false, true)) {
            execute(this::resume);
        }
    }

    /** Begins a round at once; false when one is under way, or when there is nothing to read, or scrubs are off. */
    public boolean beginNow() {
        Scrubber<LogStream> there = scrubber;
        boolean something = disk.isMounted() && disk.storeId() != null;
        if (there == null || !something || stopped || round) {
            return false;
        }
        begin();
        execute(() -> {
            if (!round && !stopped) {
                there.stop();
                progress = new ScrubProgress(0, endedMillis, 0, -1, List.of());
                beginRound();
            }
        });
        return true;
    }

    /** For good; before the disk is closed. */
    public void stop() {
        stopped = true;
        Scrubber<LogStream> there = scrubber;
        if (there != null && begun.get()) {
            execute(() -> {
                cancelTimer();
                if (round) {
                    writeProgress();
                }
                round = false;
                there.stop();
            });
        }
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RmqException loopHasEnded) {
            // So has the scrub.
        }
    }

    public ScrubStatus status() {
        Scrubber<LogStream> there = scrubber;
        if (there == null) {
            return new ScrubStatus(false, 0, 0, 0, 0, 0, new TreeMap<>());
        }
        SortedMap<StreamId, List<Damage>> current = new TreeMap<>();
        damaged.forEach((path, found) -> {
            if (isThere(path, found)) {
                current.computeIfAbsent(found.stream().id(), id -> new ArrayList<>())
                        .addAll(found.damages());
            }
        });
        current.values().forEach(damages -> damages.sort(Comparator.comparingLong(Damage::fromOffset)));
        return new ScrubStatus(
                there.isRunning(),
                there.streamsLeft(),
                there.bytesRead(),
                rounds,
                there.damagesFound(),
                endedMillis,
                current);
    }

    private boolean isThere(String path, Damaged found) {
        LogStream stream = found.stream();
        return disk.stream(stream.id()) == stream && stream.segments().has(path);
    }

    // --- on the loop

    private void resume() {
        progress = ScrubProgress.read(disk.disk());
        endedMillis = progress.endedMillis();
        Map<Integer, LogStream> streams = new TreeMap<>();
        disk.streams().forEach(stream -> streams.put(stream.number(), stream));
        Map<String, List<Damage>> byPath = new TreeMap<>();
        progress.found()
                .forEach(found -> byPath.computeIfAbsent(found.damage().path(), path -> new ArrayList<>())
                        .add(found.damage()));
        progress.found().forEach(found -> {
            LogStream stream = streams.get(found.number());
            String path = found.damage().path();
            if (stream != null) {
                damaged.put(path, new Damaged(stream, List.copyOf(byPath.getOrDefault(path, List.of()))));
            }
        });
        timer = loop.schedule(config.delayMillis(), this::look);
    }

    /** The first thing that it does, some time after the start. */
    private void look() {
        if (stopped || scrubber == null || scrubber.isRunning()) {
            return;
        }
        if (progress.isUnderWay() || due() <= 0) {
            beginRound();
        } else if (!damaged.isEmpty()) {
            // Somebody may have mended it while the node was down.
            scrubber.begin(again());
        } else {
            timer = loop.schedule(due(), this::look);
        }
    }

    private long due() {
        if (progress.beganMillis() == 0) {
            return 0;
        }
        long next =
                progress.beganMillis() + config.intervalMillis() - disk.clock().millis();
        // The wall clock may have been set back.
        return Math.min(next, config.intervalMillis());
    }

    private void beginRound() {
        cancelTimer();
        if (stopped) {
            return;
        }
        List<Visit<LogStream>> visits = new ArrayList<>();
        if (progress.isUnderWay()) {
            visits.addAll(again());
        } else {
            progress = new ScrubProgress(disk.clock().millis(), endedMillis, 0, 0, List.of());
        }
        round = true;
        disk.streams().stream()
                // What an unsettled stream may have lost with a power failure is cut when it is opened.
                .filter(stream -> stream.isSettled() && stream.number() >= progress.number())
                .sorted(Comparator.comparingInt(LogStream::number))
                .forEach(stream -> visits.add(new Visit<>(
                        stream, stream.segments(), stream.number() == progress.number() ? progress.offset() : 0, ALL)));
        writeProgress();
        java.util.Objects.requireNonNull(scrubber).begin(visits);
    }

    /** The segments that are known to be damaged. */
    private List<Visit<LogStream>> again() {
        List<Visit<LogStream>> visits = new ArrayList<>();
        damaged.forEach((path, found) -> {
            if (isThere(path, found)) {
                long from = found.damages().get(0).fromOffset();
                visits.add(new Visit<>(found.stream(), found.stream().segments(), from, from + 1));
            } else {
                damaged.remove(path, found);
            }
        });
        return visits;
    }

    private void segmentDone(Visit<LogStream> visit, SegmentInfo segment, String path, List<Damage> damages) {
        LogStream stream = visit.owner();
        Damaged before = damaged.get(path);
        if (damages.isEmpty()) {
            damaged.remove(path);
        } else if (before != null || damaged.size() < DAMAGED_MAX) {
            damaged.put(path, new Damaged(stream, damages));
        }
        damages.forEach(damage -> log(stream, damage));
        if (round && visit.toOffset() == ALL) {
            progress = new ScrubProgress(
                    progress.beganMillis(), endedMillis, stream.number(), segment.endOffset(), List.of());
        }
        boolean late = disk.clock().nanos() - writtenNanos >= PROGRESS_NANOS;
        if (late || !damages.isEmpty() && before == null) {
            writeProgress();
        }
    }

    private void roundDone(boolean whole) {
        if (round) {
            round = false;
            if (whole) {
                rounds++;
                endedMillis = disk.clock().millis();
            }
            progress = new ScrubProgress(progress.beganMillis(), endedMillis, 0, -1, List.of());
            writeProgress();
            LOG.info(
                    "The scrub of {} has {}: {} damaged segments",
                    disk.name(),
                    whole ? "read all sealed segments" : "given up, because nothing can be read",
                    damaged.size());
        }
        if (!stopped) {
            timer = loop.schedule(Math.max(1, due()), this::beginRound);
        }
    }

    private void log(LogStream stream, Damage damage) {
        LOG.error(
                "Damage on {}, shard {}: {}. Reads of it are refused. See that another copy of the data exists, then stop"
                        + " the node, run \"ctl log verify\" and \"ctl log repair\" on the directory, and look at the device",
                disk.name(),
                stream.id().shard(),
                damage);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** On a disk that takes no writes any more the next start reads more than it had to, and that is all. */
    private void writeProgress() {
        writtenNanos = disk.clock().nanos();
        if (disk.status().state().isBroken()) {
            return;
        }
        List<ScrubProgress.Found> found = new ArrayList<>();
        damaged.forEach((path, each) -> each.damages().stream()
                .filter(damage -> damage.path().equals(path))
                .forEach(damage ->
                        found.add(new ScrubProgress.Found(each.stream().number(), damage))));
        try {
            new ScrubProgress(progress.beganMillis(), endedMillis, progress.number(), progress.offset(), found)
                    .write(disk.disk());
        } catch (RmqException e) {
            LOG.debug("How far the scrub of {} has come is not remembered", disk.name(), e);
        }
    }
}
