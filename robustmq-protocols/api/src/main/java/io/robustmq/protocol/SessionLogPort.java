/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What sessions need of the log: which shards concern a filter, how far these have been shown to live subscribers, and what lies
 * in them. Thread-safe.
 */
public interface SessionLogPort {

    /** Whether filters that begin with a wildcard see subjects of other protocols. */
    boolean wildcardsCross();

    /** The shards that may hold or get something that the filter matches, as of now. */
    List<Concerned> concerned(String tenant, String filter);

    /** @param topicCreatedMillis when its topic began */
    record Concerned(ShardId shard, long topicCreatedMillis) {}

    /** How many records lie behind the positions, whether or not they match; of shards that can be used. */
    long recordsBehind(ShardPositions positions);

    /**
     * Asks the owners of the shards where they are. Each answer is told on the loop behind everything that its owner dispatched to
     * it before; what the owner dispatches from then on is at or above the place that is told.
     *
     * @param places where the asker is, an offset of -1 for nowhere
     */
    void mark(ShardPositions places, Loop loop, Marks marks);

    /** See {@link #mark}. */
    interface Marks {
        /** @param mark null for a shard that is gone for good */
        void marked(ShardId shard, @Nullable Mark mark);

        /** All have answered. */
        void done();
    }

    /**
     * @param epoch of the owner
     * @param dispatched everything below was shown to live subscribers
     * @param from where the asker goes on: his place, unless that belongs to records that the shard does not have any more
     * @param bytesBehind about how many bytes lie from there to what was dispatched
     * @param problem why the owner could not be asked; null when it could
     */
    record Mark(
            int epoch,
            long dispatched,
            long from,
            long bytesBehind,
            @Nullable RmqException problem) {}

    /**
     * Reads what is acknowledged by its publishers (quality of service 1 and up) and matches one of the filters, from the offset
     * to before the end. Nothing comes before it is asked for.
     *
     * @param sink called on the loop
     */
    BacklogRead read(ShardId shard, List<String> filters, long from, long to, Loop loop, BacklogSink sink);

    /** Reads these records, in rising order, whatever they match; those that are not there any more are left out. */
    void fetch(ShardId shard, long[] offsets, Loop loop, Fetched done);

    /**
     * Looks for messages to the subject that came with an exchange of that session and packet id, none of them older than the time.
     * What is found is kept for certain.
     */
    void find(String tenant, String subject, long session, int packetId, long sinceMillis, Loop loop, Exchanges done);

    /** See {@link #find}; called once, on the loop. */
    @FunctionalInterface
    interface Exchanges {
        void found(List<ReceivedExchanges.ExchangeId> ids, @Nullable RmqException failure);
    }

    /** See {@link #fetch}. */
    @FunctionalInterface
    interface Fetched {
        void fetched(List<LoggedMessage> messages, @Nullable RmqException failure);
    }

    /** A read that is under way; from any thread. */
    interface BacklogRead extends Cancellable {
        /** So many more messages may come. */
        void request(int messages);
    }

    /** Receives a backlog, in order. */
    interface BacklogSink {
        void messages(List<LoggedMessage> messages);

        /**
         * @param nextOffset everything below was delivered or does not match
         * @param lost offsets that went from the shard before they were read
         * @param failure why it ended before its end; null when it did not
         */
        void ended(long nextOffset, long lost, @Nullable RmqException failure);
    }

    /**
     * @param retain whether its publisher wanted it retained
     * @param publisher the client id, where its publisher does not want its own messages
     */
    record LoggedMessage(
            long offset,
            long timestampMillis,
            boolean retain,
            @Nullable String publisher,
            StoredMessage message) {}
}
