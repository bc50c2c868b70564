/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.kernel.system.SystemThreads.OwnLoop;
import io.robustmq.node.Phases;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs the checks now and then, once the node is ready. Thread-safe: one volatile field; checks run on a loop of their own. */
final class AlarmTimer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(AlarmTimer.class);

    private final AlarmBook book;
    private final Supplier<List<AlarmCheck>> checks;
    private final long intervalMillis;
    private List<AlarmCheck> made = List.of();
    private volatile @Nullable OwnLoop loop;

    /** @param intervalMillis 0 for never */
    AlarmTimer(AlarmBook book, Supplier<List<AlarmCheck>> checks, long intervalMillis) {
        this.book = book;
        this.checks = checks;
        this.intervalMillis = intervalMillis;
    }

    /** One look of all checks; one that fails takes no alarm away. */
    static void look(AlarmBook book, List<AlarmCheck> checks) {
        List<Finding> findings = new ArrayList<>();
        boolean complete = true;
        for (AlarmCheck check : checks) {
            try {
                findings.addAll(check.look());
            } catch (RuntimeException e) {
                complete = false;
                LOG.warn("a check for alarms fails: {}", e.toString());
            }
        }
        book.look(findings, complete);
    }

    @Override
    public void start() {
        if (intervalMillis > 0) {
            OwnLoop own = SystemThreads.loop("robustmq-alarms");
            loop = own;
            own.loop().execute(() -> {
                made = checks.get();
                turn();
            });
        }
    }

    private void turn() {
        OwnLoop running = loop;
        if (running != null) {
            look(book, made);
            running.loop().schedule(intervalMillis, this::turn);
        }
    }

    @Override
    public void stop() {
        OwnLoop stopping = loop;
        loop = null;
        if (stopping != null) {
            stopping.close();
        }
    }

    @Override
    public boolean isRunning() {
        return loop != null;
    }

    @Override
    public int getPhase() {
        return Phases.LISTENERS + 30;
    }
}
