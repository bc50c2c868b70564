/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.MemoryBudget;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who may come in: so many in all, so many from one address, so many a second, and nobody new while memory is short. Refusals are counted by reason.
 * Thread-safe: atomics, and a lock around the rate alone.
 */
public final class ConnectionLimits {
    private volatile NetOptions options;
    private final Clock clock;
    private final MemoryBudget memory;
    private final AtomicInteger open = new AtomicInteger();
    /** Bounded by the limit of all connections: an address leaves with its last one. */
    private final ConcurrentHashMap<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();

    private final Object rateLock = new Object();
    private double tokens;
    private long tokensAtNanos;

    private final LongAdder accepted = new LongAdder();
    private final LongAdder refusedByTotal = new LongAdder();
    private final LongAdder refusedByAddress = new LongAdder();
    private final LongAdder refusedByRate = new LongAdder();
    private final LongAdder refusedByMemory = new LongAdder();
    private final LongAdder refusedByListener = new LongAdder();
    private final LongAdder refusedBySource = new LongAdder();
    private final LongAdder refusedByProxyHeader = new LongAdder();
    private final LongAdder closedSilent = new LongAdder();

    /** Other limits, for connections from now on. */
    void change(NetOptions wanted) {
        options = wanted;
    }

    public ConnectionLimits(NetOptions options, Clock clock, MemoryBudget memory) {
        this.options = options;
        this.clock = clock;
        this.memory = memory;
        this.tokens = options.acceptsPerSecondMax();
        this.tokensAtNanos = clock.nanos();
    }

    /** Counts a connection in; false when it must be closed at once. */
    boolean tryEnter(InetAddress address) {
        if (memory.underPressure()) {
            // Who is here is served first: a new connection would only add to what must be paused.
            refusedByMemory.increment();
            return false;
        }
        if (open.incrementAndGet() > options.connectionsMax()) {
            open.decrementAndGet();
            refusedByTotal.increment();
            return false;
        }
        if (!tryEnterByAddress(address)) {
            open.decrementAndGet();
            refusedByAddress.increment();
            return false;
        }
        if (!tryTakeToken()) {
            leave(address);
            refusedByRate.increment();
            return false;
        }
        accepted.increment();
        return true;
    }

    /** Counts a connection out that was counted in. */
    void leave(InetAddress address) {
        openByAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        open.decrementAndGet();
    }

    /** Counts a connection in whose address is not known yet; false when it must be closed at once. */
    boolean tryEnterUnknown() {
        if (memory.underPressure()) {
            refusedByMemory.increment();
            return false;
        }
        if (open.incrementAndGet() > options.connectionsMax()) {
            open.decrementAndGet();
            refusedByTotal.increment();
            return false;
        }
        if (!tryTakeToken()) {
            open.decrementAndGet();
            refusedByRate.increment();
            return false;
        }
        return true;
    }

    /** Counts it among those of its address; false when it must be closed, and is still counted in as unknown. */
    boolean tryBecomeKnown(InetAddress address) {
        if (!tryEnterByAddress(address)) {
            refusedByAddress.increment();
            return false;
        }
        accepted.increment();
        return true;
    }

    /** Counts out a connection whose address was never known. */
    void leaveUnknown() {
        open.decrementAndGet();
    }

    void refusedByListener() {
        refusedByListener.increment();
    }

    void refusedBySource() {
        refusedBySource.increment();
    }

    void refusedByProxyHeader() {
        refusedByProxyHeader.increment();
    }

    void closedSilent() {
        closedSilent.increment();
    }

    private boolean tryEnterByAddress(InetAddress address) {
        int max = options.connectionsPerAddressMax();
        boolean[] entered = new boolean[1];
        openByAddress.compute(address, (key, count) -> {
            int before = count == null ? 0 : count;
            entered[0] = before < max;
            return entered[0] ? Integer.valueOf(before + 1) : count;
        });
        return entered[0];
    }

    private boolean tryTakeToken() {
        synchronized (rateLock) {
            long now = clock.nanos();
            int perSecond = options.acceptsPerSecondMax();
            double earned = (now - tokensAtNanos) / 1e9 * perSecond;
            tokens = Math.min(perSecond, tokens + earned);
            tokensAtNanos = now;
            if (tokens < 1) {
                return false;
            }
            tokens -= 1;
            return true;
        }
    }

    /** How many connections there may be. */
    public int max() {
        return options.connectionsMax();
    }

    /** What came and what was refused since the node started, and what is open now. */
    public Counts counts() {
        return new Counts(
                open.get(),
                accepted.sum(),
                refusedByTotal.sum(),
                refusedByAddress.sum(),
                refusedByRate.sum(),
                refusedByMemory.sum(),
                refusedByListener.sum(),
                refusedBySource.sum(),
                refusedByProxyHeader.sum(),
                closedSilent.sum());
    }

    /**
     * A snapshot. Immutable.
     *
     * @param open connections now
     * @param accepted connections let in
     * @param refusedByTotal refused because the node had enough
     * @param refusedByAddress refused because their address had enough
     * @param refusedByRate refused because too many came at once
     * @param refusedByMemory refused because the node's memory budget is under pressure
     * @param refusedByListener refused because their listener had enough
     * @param refusedBySource refused because they come from no proxy of a listener that is behind one
     * @param refusedByProxyHeader closed because they did not begin with a header of the PROXY protocol
     * @param closedSilent closed because they did not speak
     */
    public record Counts(
            int open,
            long accepted,
            long refusedByTotal,
            long refusedByAddress,
            long refusedByRate,
            long refusedByMemory,
            long refusedByListener,
            long refusedBySource,
            long refusedByProxyHeader,
            long closedSilent) {}
}
