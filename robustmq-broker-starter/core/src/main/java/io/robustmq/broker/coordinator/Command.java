/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.robustmq.kernel.RmqException;
import io.robustmq.storage.Durability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody asks of a coordinator. Runs on its loop; must not change the state. */
@FunctionalInterface
public interface Command<S extends StateMachine, R> {

    /** Reads the state as of all commands before this one. Refuses with an {@link RmqException}. */
    Outcome<R> run(S state);

    /**
     * What a command wants to happen.
     *
     * @param records kept all or not at all; none for a command that only reads
     * @param durability what the records' append waits for
     */
    record Outcome<R>(R response, List<CoordinatorRecord> records, Durability durability) {

        public static <R> Outcome<R> of(R response, List<CoordinatorRecord> records) {
            return new Outcome<>(response, records, Durability.FSYNC);
        }

        public static <R> Outcome<R> read(R response) {
            return new Outcome<>(response, List.of(), Durability.MEMORY);
        }
    }

    /** Completion of a command, once, on the coordinator's loop. Must not throw. */
    @FunctionalInterface
    interface Response<R> {
        /**
         * @param response null when it failed
         * @param failure null when everything that the command saw and wrote is committed
         */
        void completed(@Nullable R response, @Nullable RmqException failure);
    }
}
