/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.system.SystemThreads;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The few threads that may wait for the disk on behalf of readers. Thread-safe; a shard's reads run in their order. */
final class Readers implements AutoCloseable {
    private static final int THREADS = 2;

    private final SystemThreads.OwnLoop[] threads = Stream.generate(() -> SystemThreads.loop("rocksdb-read"))
            .limit(THREADS)
            .toArray(SystemThreads.OwnLoop[]::new);
    private volatile @Nullable ShardReads reads;

    /** Readers have nothing to read before. */
    void opened(ShardReads newReads) {
        reads = newReads;
    }

    /** Answers on the loop. */
    interface Answer<T> {
        void completed(@Nullable T value, @Nullable RmqException failure);
    }

    /** Looks on a reader's thread, then answers on the loop; a value that finds its loop gone is handed to the disposal. */
    <T> void look(RocksShard shard, Loop home, Function<ShardReads, T> look, Answer<T> answer, Consumer<T> disposal) {
        Loop thread = threads[(int) (shard.number() % THREADS)].loop();
        try {
            thread.execute(() -> {
                ShardReads opened = reads;
                ShardReads.Outcome<T> outcome = opened == null
                        ? new ShardReads.Outcome<>(null, RmqError.CLOSED.exception("the rocksdb engine is closed"))
                        : opened.run(() -> look.apply(opened));
                send(home, outcome, answer, disposal);
            });
        } catch (RmqException e) {
            send(home, new ShardReads.Outcome<>(null, e), answer, disposal);
        }
    }

    private static <T> void send(Loop home, ShardReads.Outcome<T> outcome, Answer<T> answer, Consumer<T> disposal) {
        try {
            home.execute(() -> answer.completed(outcome.value(), outcome.failure()));
        } catch (RmqException gone) {
            T value = outcome.value();
            if (value != null) {
                disposal.accept(value);
            }
        }
    }

    @Override
    public void close() {
        for (SystemThreads.OwnLoop thread : threads) {
            thread.close();
        }
    }
}
