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
        // Appends deliver and so ask for flushes: this turn's, because it is still armed.
        while (!appends.isEmpty()) {
            ArrayList<Runnable> appending = appends;
            appends = appendsSpare;
            appendsSpare = appending;
            runAll(appending);
        }
        armed = false;
        ArrayList<Runnable> flushing = flushes;
        flushes = flushesSpare;
        flushesSpare = flushing;
        runAll(flushing);
    }

    private static void runAll(ArrayList<Runnable> tasks) {
        for (int i = 0; i < tasks.size(); i++) {
            run(tasks.get(i));
        }
        tasks.clear();
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
