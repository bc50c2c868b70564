/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/**
 * A message kept beyond the run it came with: retained, or waiting for a session. Shared by all who wait for it. Immutable;
 * the arrays are not to be changed.
 *
 * @param protocol whose block it is
 * @param block the publisher's protocol block, empty for none
 * @param expiresAtMillis 0 for never
 */
public record StoredMessage(
        PublishedSubject subject, byte[] payload, int qos, String protocol, byte[] block, long expiresAtMillis) {

    /** Rough bytes on the heap, for limits. */
    public int sizeBytes() {
        return sizeBytes(subject, payload.length, block.length);
    }

    /** The same before there is a message. A subject is there as it was published, in UTF-8, and in canonical form. */
    public static int sizeBytes(PublishedSubject subject, int payloadLength, int blockLength) {
        return 96 + 3 * subject.utf8().length + payloadLength + blockLength;
    }

    public boolean expired(long nowMillis) {
        return expiresAtMillis != 0 && nowMillis >= expiresAtMillis;
    }
}
