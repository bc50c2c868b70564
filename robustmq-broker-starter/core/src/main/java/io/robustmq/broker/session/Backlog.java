/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.broker.index.FilteredRead;
import io.robustmq.broker.index.FilteredSink;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.SessionLogPort.BacklogRead;
import io.robustmq.protocol.SessionLogPort.BacklogSink;
import io.robustmq.protocol.SessionLogPort.LoggedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A session's read of what it has missed in one shard: takes records from the loop of the indexes to the session's, some at a
 * time. Confined to the loop of the indexes, but for what {@link BacklogRead} says.
 */
public final class Backlog implements BacklogRead, FilteredSink {
    /** One that does not read. */
    public static final BacklogRead NOTHING = new BacklogRead() {
        @Override
        public void request(int messages) {}

        @Override
        public void cancel() {}
    };

    private static final int CHUNK = 64;

    private final LoggedMessages messages;
    private final Loop session;
    private final BacklogSink sink;
    private volatile @Nullable FilteredRead read;
    private final AtomicInteger credit = new AtomicInteger();
    private List<LoggedMessage> chunk = new ArrayList<>();
    private int chunkMax = 1;

    public Backlog(LoggedMessages messages, Loop session, BacklogSink sink) {
        this.messages = messages;
        this.session = session;
        this.sink = sink;
    }

    /** Once, before anything is requested. */
    public void begin(FilteredRead begun) {
        read = begun;
        begun.done().whenComplete((ended, failure) -> {
            handOver();
            session.execute(() -> {
                if (ended == null) {
                    RmqException why = RmqException.causeOf(failure) instanceof RmqException known
                            ? known
                            : RmqError.INTERNAL.exception(String.valueOf(failure));
                    sink.ended(-1, 0, why);
                } else {
                    sink.ended(ended.nextOffset(), ended.lost(), null);
                }
            });
        });
    }

    @Override
    public void request(int more) {
        credit.addAndGet(more);
        FilteredRead begun = read;
        if (begun != null) {
            begun.request(more);
        }
    }

    @Override
    public void cancel() {
        FilteredRead begun = read;
        if (begun != null) {
            begun.cancel();
        }
    }

    @Override
    public void record(RecordView record, String subject, Spelling published) {
        int left = credit.decrementAndGet();
        if (!LoggedMessages.isAcknowledged(record)) {
            request(1);
            return;
        }
        chunk.add(messages.of(record, subject, published));
        // The first one goes at once; the more there are, the more go together.
        if (chunk.size() >= chunkMax || left <= 0) {
            chunkMax = Math.min(CHUNK, chunkMax * 2);
            handOver();
        }
    }

    private void handOver() {
        if (!chunk.isEmpty()) {
            List<LoggedMessage> full = chunk;
            chunk = new ArrayList<>();
            session.execute(() -> sink.messages(full));
        }
    }
}
