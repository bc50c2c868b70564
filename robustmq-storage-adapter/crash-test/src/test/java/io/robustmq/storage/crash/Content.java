/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import java.util.Arrays;

/** What a record holds follows from who wrote it and when, so that it proves itself. Immutable. */
record Content(int shard, long writer, long sequence) {

    String value() {
        long hash = (sequence + 1) * 0x9E3779B97F4A7C15L ^ writer * 31 ^ shard;
        int filler = (int) (hash >>> 60) == 0 ? 3000 : (int) (hash >>> 56);
        char[] chars = new char[filler];
        Arrays.fill(chars, (char) ('a' + Math.floorMod(hash, 26)));
        return shard + ":" + writer + ":" + sequence + ":" + new String(chars);
    }

    /** Fails when the value is not exactly what its own numbers say. */
    static Content of(String value) {
        String[] parts = value.split(":", 4);
        Content content = new Content(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        if (!content.value().equals(value)) {
            throw new AssertionError("a record was changed: " + value);
        }
        return content;
    }
}
