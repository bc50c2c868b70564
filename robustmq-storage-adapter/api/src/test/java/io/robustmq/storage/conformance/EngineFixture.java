/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import io.robustmq.storage.ShardEngine;
import java.time.Duration;

/** How one engine is started for the suite; a new one for each test, so that each test begins with an empty place. */
public interface EngineFixture extends AutoCloseable {

    /** Starts an engine; when one was closed before, over what that one left behind. */
    ShardEngine start();

    /**
     * Kills the running engine, losing whatever it has not forced to its device, and starts another one in its place. Asked
     * of DURABLE engines only.
     */
    default ShardEngine crashAndReopen() {
        throw new UnsupportedOperationException("a durable engine's fixture must be able to crash it");
    }

    /** Buffer memory that the engine still holds; must be 0 once it is closed. */
    long heldBytes();

    /** How much more than a limit the engine may keep, because it drops larger units than a batch. */
    default long retentionSlackBytes() {
        return 0;
    }

    /** How long the suite waits for what must happen. */
    default Duration deadline() {
        return Duration.ofSeconds(10);
    }

    /** How many random histories the model test plays. */
    default int modelSeeds() {
        return 500;
    }

    @Override
    default void close() {}
}
