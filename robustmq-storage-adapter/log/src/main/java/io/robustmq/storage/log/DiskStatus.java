/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

/**
 * A disk's state with the sentence that tells a person why. Immutable.
 *
 * @param reason empty while it is serving
 */
public record DiskStatus(DiskState state, String reason) {
    public static final DiskStatus SERVING = new DiskStatus(DiskState.SERVING, "");

    public boolean takesWrites() {
        return state == DiskState.SERVING;
    }
}
