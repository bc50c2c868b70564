/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

/**
 * A range of a file that is not what was written.
 *
 * @param fromOffset the first record that may be lost
 * @param toOffset the first behind it that is not; the same as fromOffset when nothing is lost, as with an index
 */
public record Damage(String path, long fromByte, long toByte, long fromOffset, long toOffset, String reason) {

    @Override
    public String toString() {
        String bytes = fromByte == toByte ? "" : ": bytes [" + fromByte + ", " + toByte + ")";
        String offsets = fromOffset == toOffset ? "" : ", offsets [" + fromOffset + ", " + toOffset + ")";
        return path + bytes + offsets + ": " + reason;
    }
}
