/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testkit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Collects the buffers that Netty reports as leaked, from its log: a leak detector of our own would have to be installed
 * before any other test of the JVM has touched a buffer. Thread-safe; one at a time in a JVM.
 */
public final class LeakWatch implements AutoCloseable {
    /** One collection clears the buffer, the next one what only its tracker held. */
    private static final int COLLECTIONS = 2;

    private static final long COLLECTION_MILLIS_MAX = 10_000;

    private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().startsWith("LEAK:")) {
                leaks.add(event.getFormattedMessage());
            }
        }
    };

    private LeakWatch() {}

    /** Has every buffer tracked from now on. */
    public static LeakWatch start() {
        LeakWatch watch = new LeakWatch();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        watch.appender.setContext(watch.logger.getLoggerContext());
        watch.appender.start();
        watch.logger.addAppender(watch.appender);
        return watch;
    }

    /** Collects garbage and answers all that was reported since the start, with where each buffer was touched. */
    public List<String> leaks() {
        for (int i = 0; i < COLLECTIONS; i++) {
            collectGarbage();
            // Netty reports when the next buffer is made.
            ByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        return new ArrayList<>(leaks);
    }

    private static void collectGarbage() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
        System.gc();
        try {
            if (queue.remove(COLLECTION_MILLIS_MAX) != canary) {
                throw new IllegalStateException("the JVM does not collect garbage when asked");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while collecting garbage", e);
        }
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        appender.stop();
    }
}
