/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Loop;
import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a loop turn: publishes collected from all reads of the turn are appended first, then every touched connection
 * is flushed once. Armed by the first entry of a turn, so an idle loop flushes at once and never waits for a timer.
 * Confined to its loop.
 */
public final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

    private final Loop loop;
    private final Runnable end = this::end;
    private ArrayList<Runnable> appends = new ArrayList<>();
    private ArrayList<Runnable> appendsSpare = new ArrayList<>();
    private ArrayList<Runnable> flushes = new ArrayList<>();
    private ArrayList<Runnable> flushesSpare = new ArrayList<>();
    private boolean armed;

    public Turn(Loop loop) {
        this.loop = loop;
    }

    /** Runs the task at the end of this turn, before the flushes. The caller adds itself at most once a turn. */
    public void appendLater(Runnable append) {
        appends.add(append);
        arm();
    }

    /** Runs the task at the end of this turn, after the appends. The caller adds itself at most once a turn. */
    public void flushLater(Runnable flush) {
        flushes.add(flush);
        arm();
    }

    private void arm() {
        assert loop.inLoop();
        if (!armed) {
            armed = true;
            loop.execute(end);
        }
    }

    private void end() {
        armed = false;
        ArrayList<Runnable> appending = appends;
        appends = appendsSpare;
        appendsSpare = appending;
        for (int i = 0; i < appending.size(); i++) {
            run(appending.get(i));
        }
        appending.clear();
        ArrayList<Runnable> flushing = flushes;
        flushes = flushesSpare;
        flushesSpare = flushing;
        for (int i = 0; i < flushing.size(); i++) {
            run(flushing.get(i));
        }
        flushing.clear();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // One connection's fault must not keep the others of this turn from their flush.
            LOG.error("a task at the end of a loop turn failed", e);
        }
    }
}
