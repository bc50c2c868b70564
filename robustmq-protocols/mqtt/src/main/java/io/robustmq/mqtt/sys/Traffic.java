/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.sys;

/** What the connections of one loop have read and written since the start. Confined to the loop; copies are the receiver's. */
public final class Traffic {
    public long sockets;
    public long packetsReceived;
    public long packetsSent;
    public long bytesReceived;
    public long bytesSent;
    /** Payloads only. */
    public long publishBytesReceived;

    public long publishBytesSent;
    /** Now, not since the start. */
    public long connected;

    /** What several loops have done together. */
    public static Traffic sum(Iterable<Traffic> parts) {
        Traffic sum = new Traffic();
        parts.forEach(sum::add);
        return sum;
    }

    private void add(Traffic other) {
        sockets += other.sockets;
        packetsReceived += other.packetsReceived;
        packetsSent += other.packetsSent;
        bytesReceived += other.bytesReceived;
        bytesSent += other.bytesSent;
        publishBytesReceived += other.publishBytesReceived;
        publishBytesSent += other.publishBytesSent;
        connected += other.connected;
    }
}
