/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * Takes the samples, also while nobody looks: who comes because something is wrong wants to see how it came. Thread-safe: started
 * and closed by the context's thread, the rest is the samples'.
 */
final class Sampling implements SmartLifecycle {
    private final Samples samples;
    private volatile @Nullable Disposable ticks;

    Sampling(Samples samples) {
        this.samples = samples;
    }

    Samples samples() {
        return samples;
    }

    @Override
    public void start() {
        ticks = Schedulers.parallel()
                .schedulePeriodically(samples::take, Samples.PERIOD_SECONDS, Samples.PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void stop() {
        Disposable running = ticks;
        if (running != null) {
            running.dispose();
            ticks = null;
        }
    }

    @Override
    public boolean isRunning() {
        return ticks != null;
    }
}
