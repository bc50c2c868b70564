/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

/**
 * Limits of one coordinator. Immutable.
 *
 * @param commandsMax commands that may wait for their answer
 * @param batchBytes commands are gathered into one append up to this size
 * @param recordsBytesMax records of one command may not be larger
 * @param snapshotRecords a snapshot is due after so many records
 * @param snapshotBytes a snapshot is due after so many bytes (and no less than the last snapshot had)
 * @param snapshotBytesMax a larger state is not written down: its shard is replayed
 * @param snapshotMillis a snapshot is due when the first record behind the last one is that old
 * @param snapshotAgeMaxMillis an older snapshot with anything behind it is not used: compaction may have taken tombstones away
 *     that it needs. Less than a tombstone lives ({@code delete.retention.ms})
 * @param retryMillis after a failed load the next one follows so much later, and twice as long each time, up to 30 times
 */
public record CoordinatorConfig(
        int commandsMax,
        int batchBytes,
        int recordsBytesMax,
        long snapshotRecords,
        long snapshotBytes,
        int snapshotBytesMax,
        long snapshotMillis,
        long snapshotAgeMaxMillis,
        long retryMillis) {

    public static final CoordinatorConfig DEFAULTS =
            new CoordinatorConfig(8192, 256 << 10, 24 << 20, 20_000, 4 << 20, 16 << 20, 600_000, 43_200_000, 1000);
}
