/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import java.util.Arrays;

/**
 * Acknowledgements of received QoS 1 and 2 publishes, sent in the order of the publishes ([MQTT-4.6.0-2], -3) although
 * commits of several shards end in any order. Confined to the connection's loop.
 */
public final class AckRing {
    private static final int WAITING = -1;

    private static final int FIRST_ENTRIES = 16;
    /** Of a client that has published nothing yet. */
    private static final long[] NONE = {};

    private long[] entries = NONE;
    private long head;
    private long tail;

    /** @return the token under which the acknowledgement is completed */
    public long add(int packetId, int qos) {
        if (tail - head == entries.length) {
            grow();
        }
        entries[slot(tail)] = (long) packetId << 8 | (long) qos << 24 | 0xFF;
        return tail++;
    }

    /** How many wait for their commit or for one before them. */
    public int size() {
        return (int) (tail - head);
    }

    public void complete(long token, int reasonCode) {
        int slot = slot(token);
        entries[slot] = entries[slot] & ~0xFFL | reasonCode;
    }

    /** Whether the oldest is complete. */
    public boolean ready() {
        return head < tail && (entries[slot(head)] & 0xFF) != (WAITING & 0xFF);
    }

    /** Packet id of the oldest. */
    public int packetId() {
        return packetId(head);
    }

    public int packetId(long token) {
        return (int) (entries[slot(token)] >>> 8) & 0xFFFF;
    }

    /** Quality of service of the oldest. */
    public int qos() {
        return qos(head);
    }

    public int qos(long token) {
        return (int) (entries[slot(token)] >>> 24) & 3;
    }

    public int reasonCode() {
        return (int) entries[slot(head)] & 0xFF;
    }

    public void removeFirst() {
        head++;
    }

    private int slot(long token) {
        return (int) token & entries.length - 1;
    }

    private void grow() {
        long[] old = entries;
        entries = old.length == 0 ? new long[FIRST_ENTRIES] : Arrays.copyOf(old, old.length * 2);
        for (long token = head; token < tail; token++) {
            entries[slot(token)] = old[(int) token & old.length - 1];
        }
    }
}
