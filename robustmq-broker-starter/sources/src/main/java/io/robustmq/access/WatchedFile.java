/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access;

import io.robustmq.kernel.Clock;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a small file says, read again now and then, because secrets that are mounted change without a signal. What cannot be read,
 * or means nothing, leaves what was read before. Thread-safe: guarded by this.
 */
public final class WatchedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Where the bytes come from. */
    @FunctionalInterface
    public interface Content {
        byte[] read() throws IOException;
    }

    private final String name;
    private final Content content;
    private final Function<byte[], T> meaning;
    private final Clock clock;
    private byte[] bytes;
    private T value;
    private long lookedNanos;

    /**
     * Fails when it cannot be read now.
     *
     * @param meaning what the bytes mean; fails with IllegalArgumentException, whose message names no secret
     */
    public WatchedFile(String name, Content content, Function<byte[], T> meaning, Clock clock) throws IOException {
        this.name = name;
        this.content = content;
        this.meaning = meaning;
        this.clock = clock;
        this.bytes = content.read();
        this.value = meaning.apply(bytes);
        this.lookedNanos = clock.nanos();
    }

    /** What it says now, or has said before. */
    public synchronized T get() {
        if (clock.nanos() - lookedNanos < LOOK_NANOS) {
            return value;
        }
        lookedNanos = clock.nanos();
        try {
            byte[] now = content.read();
            if (!Arrays.equals(now, bytes)) {
                value = meaning.apply(now);
                bytes = now;
                LOG.info("{} has changed and holds from now on", name);
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "{} cannot be read; what it said before holds: {}",
                    name,
                    e.getClass().getSimpleName());
        }
        return value;
    }
}
