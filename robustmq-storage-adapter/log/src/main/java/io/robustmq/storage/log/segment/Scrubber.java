/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sealed segments of streams slowly, round by round, because a damaged range is best found while there is still
 * another copy of it. Confined to its loop, which may block; the counters may be read by any thread.
 *
 * @param <T> whose segments they are
 */
public final class Scrubber<T> {
    /** How often it reads a little. */
    private static final long TICK_MILLIS = 100;
    /** Of segments one behind the other: then it is the disk that cannot be read, which others find out and say. */
    private static final int UNREADABLE_MAX = 16;

    private final Loop loop;
    private final long bytesPerSecond;
    private final Listener<T> listener;
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder segmentsDone = new LongAdder();
    private final LongAdder damagesFound = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile boolean running;
    private volatile int streamsLeft;

    // Of the loop.
    private final ArrayDeque<Visit<T>> toDo = new ArrayDeque<>();
    private final ArrayDeque<SegmentFile> files = new ArrayDeque<>();
    private @Nullable Visit<T> visit;
    private @Nullable SegmentFile file;
    private @Nullable SegmentInfo known;
    private @Nullable SegmentCheck check;
    private @Nullable Cancellable timer;
    /** Bytes that were read beyond what the rate allows. */
    private long debt;

    private int unreadable;

    /** A stream's segments that have a record from the one offset up to before the other. */
    public record Visit<T>(T owner, StreamSegments segments, long fromOffset, long toOffset) {}

    /** Told on the loop. */
    public interface Listener<T> {
        /** A segment was read to its end, or cannot be read; no damage says that it is what was written. */
        void segmentDone(Visit<T> visit, SegmentInfo segment, String path, List<Damage> damages);

        /** @param whole false when it was given up because nothing can be read any more */
        void roundDone(boolean whole);
    }

    /**
     * @param loop a background disk thread
     * @param bytesPerSecond what it reads at most
     */
    public Scrubber(Loop loop, long bytesPerSecond, Listener<T> listener) {
        if (bytesPerSecond < 1) {
            throw RmqError.INVALID_CONFIG.exception("a scrub needs a rate above 0");
        }
        this.loop = loop;
        this.bytesPerSecond = bytesPerSecond;
        this.listener = listener;
    }

    /** Begins a round at once; on the loop, when none is running. */
    public void begin(List<Visit<T>> visits) {
        running = true;
        unreadable = 0;
        toDo.addAll(visits);
        streamsLeft = toDo.size();
        tick();
    }

    /** Ends the round without a word; what was read of the present segment is forgotten. On the loop. */
    public void stop() {
        running = false;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        drop();
        toDo.clear();
        files.forEach(SegmentFile::release);
        files.clear();
        streamsLeft = 0;
        debt = 0;
    }

    public boolean isRunning() {
        return running;
    }

    /** Bytes read since the start. */
    public long bytesRead() {
        return bytesRead.sum();
    }

    public long segmentsDone() {
        return segmentsDone.sum();
    }

    /** Ranges reported; the same range is reported in each round. */
    public long damagesFound() {
        return damagesFound.sum();
    }

    /** Segments that could not be read at all. */
    public long failures() {
        return failures.sum();
    }

    /** Streams of the present round that are still to be read. */
    public int streamsLeft() {
        return streamsLeft;
    }

    private void tick() {
        if (!running) {
            return;
        }
        long allowed = bytesPerSecond * TICK_MILLIS / 1000 - debt;
        long before = bytesRead.sum();
        boolean more = true;
        while (more && unreadable < UNREADABLE_MAX && bytesRead.sum() - before < allowed) {
            more = step(allowed - (bytesRead.sum() - before));
        }
        debt = Math.max(0, bytesRead.sum() - before - allowed);
        if (more && unreadable < UNREADABLE_MAX) {
            timer = loop.schedule(TICK_MILLIS, this::tick);
        } else {
            stop();
            listener.roundDone(!more);
        }
    }

    /** Reads a piece of some segment; false when the round is over. */
    private boolean step(long bytes) {
        SegmentCheck present = check == null ? next() : check;
        if (present == null) {
            return !files.isEmpty() || !toDo.isEmpty();
        }
        long before = present.bytesRead();
        boolean more = false;
        RmqException failure = null;
        try {
            more = present.step(bytes);
        } catch (RmqException e) {
            failure = e;
        }
        bytesRead.add(present.bytesRead() - before);
        if (!more) {
            List<Damage> damages = new ArrayList<>(present.damages());
            if (failure == null) {
                unreadable = 0;
                segmentsDone.increment();
            } else {
                unreadable(failure, damages);
            }
            tell(damages);
            drop();
        }
        return true;
    }

    private @Nullable SegmentCheck next() {
        if (files.isEmpty()) {
            nextStream();
            return null;
        }
        SegmentFile next = files.remove();
        file = next;
        known = next.info();
        try {
            check = new SegmentCheck(next);
        } catch (RmqException e) {
            List<Damage> damages = new ArrayList<>();
            unreadable(e, damages);
            tell(damages);
            drop();
        }
        return check;
    }

    private void nextStream() {
        Visit<T> next = toDo.poll();
        streamsLeft = toDo.size();
        visit = next;
        if (next == null) {
            return;
        }
        for (SegmentFile sealed : next.segments().files()) {
            if (sealed.isSealed()) {
                SegmentInfo info = sealed.info();
                boolean wanted = info.endOffset() > next.fromOffset() && info.baseOffset() < next.toOffset();
                if (wanted && sealed.retain()) {
                    files.add(sealed);
                }
            }
        }
    }

    private void unreadable(RmqException failure, List<Damage> damages) {
        failures.increment();
        unreadable++;
        SegmentInfo info = java.util.Objects.requireNonNull(known);
        String path = java.util.Objects.requireNonNull(file).path();
        damages.add(new Damage(
                path, 0, info.bytes(), info.baseOffset(), info.endOffset(), "unreadable: " + failure.getMessage()));
    }

    private void tell(List<Damage> damages) {
        SegmentFile read = java.util.Objects.requireNonNull(file);
        SegmentInfo before = java.util.Objects.requireNonNull(known);
        // A segment that was cut meanwhile is not what it was when the check began.
        if (read.isSealed() && read.info().equals(before)) {
            damagesFound.add(damages.size());
            listener.segmentDone(java.util.Objects.requireNonNull(visit), before, read.path(), List.copyOf(damages));
        }
    }

    private void drop() {
        if (check != null) {
            check.close();
            check = null;
        }
        if (file != null) {
            file.release();
            file = null;
        }
    }
}
