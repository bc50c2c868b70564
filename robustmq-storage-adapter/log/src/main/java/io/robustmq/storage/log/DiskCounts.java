/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import java.util.concurrent.atomic.AtomicLong;

/** What has happened on one disk since its start. Thread-safe. */
public final class DiskCounts {
    private final AtomicLong readErrors = new AtomicLong();
    private final AtomicLong retiredRecords = new AtomicLong();
    private final AtomicLong overrunPins = new AtomicLong();

    public void countReadError() {
        readErrors.incrementAndGet();
    }

    void countRetired(long records, boolean overPin) {
        retiredRecords.addAndGet(records);
        if (overPin) {
            overrunPins.incrementAndGet();
        }
    }

    /** Reads that the device has failed. */
    public long readErrors() {
        return readErrors.get();
    }

    /** Records that retention has dropped. */
    public long retiredRecords() {
        return retiredRecords.get();
    }

    /** How often retention has dropped what somebody still needed. */
    public long overrunPins() {
        return overrunPins.get();
    }
}
