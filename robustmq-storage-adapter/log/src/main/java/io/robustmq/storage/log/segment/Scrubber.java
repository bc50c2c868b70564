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
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads all sealed segments again and again, slowly, because a damaged range is best found while there is still another copy
 * of it. Confined to its loop, which may block; {@link #start}, {@link #stop} and the counters may be used by any thread.
 */
public final class Scrubber {
    /** How often it reads a little. */
    private static final long TICK_MILLIS = 100;

    private final Loop loop;
    private final long bytesPerSecond;
    private final long pauseMillis;
    private final Supplier<List<StreamSegments>> streams;
    private final Consumer<Damage> listener;
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder segmentsDone = new LongAdder();
    private final LongAdder damagesFound = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder passes = new LongAdder();
    private volatile boolean running;
    private volatile int streamsLeft;

    // Of the loop.
    private final ArrayDeque<StreamSegments> toDo = new ArrayDeque<>();
    private final ArrayDeque<SegmentFile> files = new ArrayDeque<>();
    private @Nullable SegmentFile file;
    private @Nullable SegmentCheck check;
    private @Nullable Cancellable timer;
    /** Bytes that were read beyond what the rate allows. */
    private long debt;

    /**
     * @param loop a background disk thread
     * @param bytesPerSecond what it reads at most
     * @param pauseMillis between the end of one pass and the next
     * @param streams all that are to be read, asked at the beginning of a pass, on the loop
     * @param listener told each damaged range, on the loop
     */
    public Scrubber(
            Loop loop,
            long bytesPerSecond,
            long pauseMillis,
            Supplier<List<StreamSegments>> streams,
            Consumer<Damage> listener) {
        if (bytesPerSecond < 1 || pauseMillis < 1) {
            throw RmqError.INVALID_CONFIG.exception("a scrub needs a rate and a pause above 0");
        }
        this.loop = loop;
        this.bytesPerSecond = bytesPerSecond;
        this.pauseMillis = pauseMillis;
        this.streams = streams;
        this.listener = listener;
    }

    /** Begins with a pass at once. */
    public void start() {
        running = true;
        loop.execute(this::beginPass);
    }

    /** Ends soon; what was read of the present segment is forgotten. */
    public void stop() {
        running = false;
        loop.execute(() -> {
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
            drop();
            toDo.clear();
            files.forEach(SegmentFile::release);
            files.clear();
        });
    }

    /** Bytes read since the start. */
    public long bytesRead() {
        return bytesRead.sum();
    }

    public long segmentsDone() {
        return segmentsDone.sum();
    }

    /** Ranges reported; the same range is reported in each pass. */
    public long damagesFound() {
        return damagesFound.sum();
    }

    /** Segments that could not be read at all. */
    public long failures() {
        return failures.sum();
    }

    public long passes() {
        return passes.sum();
    }

    /** Streams of the present pass that are still to be read. */
    public int streamsLeft() {
        return streamsLeft;
    }

    private void beginPass() {
        if (running) {
            toDo.addAll(streams.get());
            tick();
        }
    }

    private void tick() {
        if (!running) {
            return;
        }
        long allowed = bytesPerSecond * TICK_MILLIS / 1000 - debt;
        long before = bytesRead.sum();
        boolean more = true;
        while (more && bytesRead.sum() - before < allowed) {
            more = step(allowed - (bytesRead.sum() - before));
        }
        debt = Math.max(0, bytesRead.sum() - before - allowed);
        if (more) {
            timer = loop.schedule(TICK_MILLIS, this::tick);
        } else {
            passes.increment();
            debt = 0;
            timer = loop.schedule(pauseMillis, this::beginPass);
        }
    }

    /** Reads a piece of some segment; false when the pass is over. */
    private boolean step(long bytes) {
        SegmentCheck present = check == null ? next() : check;
        if (present == null) {
            return !files.isEmpty() || !toDo.isEmpty();
        }
        long before = present.bytesRead();
        boolean more = false;
        try {
            more = present.step(bytes);
        } catch (RmqException e) {
            failures.increment();
        }
        bytesRead.add(present.bytesRead() - before);
        if (!more) {
            report(present);
            drop();
        }
        return true;
    }

    private @Nullable SegmentCheck next() {
        if (files.isEmpty()) {
            StreamSegments stream = toDo.poll();
            streamsLeft = toDo.size();
            if (stream != null) {
                for (SegmentFile sealed : stream.files()) {
                    if (sealed.isSealed() && sealed.retain()) {
                        files.add(sealed);
                    }
                }
            }
            return null;
        }
        SegmentFile next = files.remove();
        file = next;
        try {
            check = new SegmentCheck(next);
        } catch (RmqException e) {
            failures.increment();
            if (e.error() == RmqError.CORRUPT_DATA) {
                SegmentInfo info = next.info();
                tell(new Damage(next.path(), 0, info.bytes(), info.baseOffset(), info.endOffset(), e.getMessage()));
            }
            drop();
        }
        return check;
    }

    private void report(SegmentCheck done) {
        segmentsDone.increment();
        // A segment that was cut meanwhile is not what it was when the check began.
        if (file != null && file.isSealed()) {
            done.damages().forEach(this::tell);
        }
    }

    private void tell(Damage damage) {
        damagesFound.increment();
        listener.accept(damage);
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
