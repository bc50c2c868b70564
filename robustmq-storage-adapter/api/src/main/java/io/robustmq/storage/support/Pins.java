/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.support;

import io.robustmq.kernel.RmqError;
import java.util.HashMap;
import java.util.Map;

/**
 * The offsets that consumers of one shard still need, by name. Confined to its shard: to its lock, or to the one
 * thread that changes it.
 */
public final class Pins {
    private final Map<String, Pin> byName = new HashMap<>();
    private final int limit;
    private long lowest = Long.MAX_VALUE;

    public Pins(int limit) {
        this.limit = limit;
    }

    private static final class Pin {
        long offset;
        boolean overrun;
    }

    public void pin(String name, long offset) {
        Pin pin = byName.get(name);
        if (pin == null) {
            if (byName.size() == limit) {
                throw RmqError.QUOTA_EXCEEDED.exception("a shard holds at most " + limit + " pins");
            }
            pin = new Pin();
            pin.offset = Long.MAX_VALUE;
            byName.put(name, pin);
        }
        boolean wasLowest = pin.offset == lowest;
        pin.offset = offset;
        pin.overrun = false;
        if (offset <= lowest) {
            lowest = offset;
        } else if (wasLowest) {
            findLowest();
        }
    }

    public void unpin(String name) {
        Pin pin = byName.remove(name);
        if (pin != null && pin.offset == lowest) {
            findLowest();
        }
    }

    private void findLowest() {
        long found = Long.MAX_VALUE;
        for (Pin pin : byName.values()) {
            found = Math.min(found, pin.offset);
        }
        lowest = found;
    }

    /** Nothing at or above it may go; {@link Long#MAX_VALUE} when nothing is pinned. */
    public long lowest() {
        return lowest;
    }

    /** How many pins the new start has run over that were intact before. An overrun pin still holds what is left. */
    public int overrunBy(long startOffset) {
        if (lowest >= startOffset) {
            return 0;
        }
        int overrun = 0;
        for (Pin pin : byName.values()) {
            if (pin.offset < startOffset && !pin.overrun) {
                pin.overrun = true;
                overrun++;
            }
        }
        return overrun;
    }

    public void clear() {
        byName.clear();
        lowest = Long.MAX_VALUE;
    }
}
