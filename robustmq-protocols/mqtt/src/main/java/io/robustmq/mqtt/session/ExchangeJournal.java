/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Clock;
import io.robustmq.protocol.ExchangeMark;
import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.ReceivedExchanges.ExchangeId;
import io.robustmq.protocol.ReceivedExchanges.Open;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a durable session knows of the QoS 2 exchanges that its client began, so that none of their messages is kept twice although
 * the process may end between any two steps (docs/decisions/0022). Confined to the session's loop.
 *
 * <p>An exchange is written nowhere but into its message, as a mark. What is written before a PUBCOMP is which exchanges are
 * finished: only then may the client use the packet id again, and only then must the mark of the finished exchange not be taken
 * for that of the next one. After a crash a repeated publish whose exchange is not known is looked for in the log.
 */
final class ExchangeJournal {
    /** A client sends again when it connects; so long afterwards nothing of an earlier life is expected any more. */
    static final long UNCERTAIN_MILLIS = 30_000;

    private static final int FINISHED_MAX = 1024;
    private static final long CLOCK_SLACK_MILLIS = 5_000;

    private final Clock clock;
    private final long session;
    private final Map<Integer, Exchange> open = new TreeMap<>();
    /** What an earlier life has left; null when it has left nothing that is not known. */
    private @Nullable ReceivedExchanges before;
    /** Packet ids whose last exchange is of this life, or known from it. */
    private final BitSet known = new BitSet();
    /** Below these, exchanges are finished; while an earlier life is not settled. */
    private final Map<Integer, ExchangeId> finished;

    private final long settledNanos;
    private final long epoch;
    private long number;
    private boolean changed;

    private static final class Exchange {
        final ExchangeId id;
        final long beganMillis;
        boolean kept;

        Exchange(ExchangeId id, long beganMillis, boolean kept) {
            this.id = id;
            this.beganMillis = beganMillis;
            this.kept = kept;
        }
    }

    /**
     * @param session see {@link ExchangeMark#session}
     * @param epoch of the connection, higher than those before
     * @param restored what was written, null for a session that begins
     */
    ExchangeJournal(Clock clock, long session, long epoch, @Nullable ReceivedExchanges restored) {
        this.clock = clock;
        this.session = session;
        this.epoch = epoch;
        this.before = restored;
        this.settledNanos = clock.nanos() + UNCERTAIN_MILLIS * 1_000_000;
        this.finished = restored == null ? Map.of() : new HashMap<>(restored.finished());
        if (restored != null) {
            for (Open each : restored.open()) {
                if (each.kept()) {
                    open.put(each.packetId(), new Exchange(each.id(), restored.sinceMillis(), true));
                    known.set(each.packetId());
                }
            }
        }
    }

    /** Packet ids whose messages are kept. */
    List<Integer> keptIds() {
        return open.entrySet().stream()
                .filter(each -> each.getValue().kept)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether an earlier life may have kept a message of an exchange with that packet id that is not finished. */
    boolean mayHave(int packetId) {
        settle();
        return before != null && !known.get(packetId);
    }

    /** No message that {@link #mayHave} speaks of is older. */
    long sinceMillis() {
        return before == null ? 0 : before.sinceMillis();
    }

    long session() {
        return session;
    }

    /** The one among those that the log has which is not finished; null when all are. */
    @Nullable
    ExchangeId unfinished(int packetId, List<ExchangeId> inLog) {
        ReceivedExchanges left = before;
        if (left == null) {
            return null;
        }
        ExchangeId floor = finished.getOrDefault(packetId, left.floor());
        ExchangeId asked = left.open().stream()
                .filter(each -> each.packetId() == packetId)
                .map(Open::id)
                .findFirst()
                .orElse(null);
        ExchangeId last = null;
        for (ExchangeId each : inLog) {
            boolean unfinished = each.equals(asked) || each.compareTo(floor) >= 0 && each.compareTo(left.floor()) >= 0;
            if (unfinished && (last == null || each.compareTo(last) > 0)) {
                last = each;
            }
        }
        return last;
    }

    // --- exchanges

    void begin(int packetId) {
        changed = true;
        open.put(packetId, new Exchange(new ExchangeId(epoch, number++), clock.millis(), false));
        known.set(packetId);
    }

    void found(int packetId, ExchangeId id) {
        changed = true;
        open.put(packetId, new Exchange(id, clock.millis(), true));
        known.set(packetId);
    }

    /** The message is in the log. */
    void kept(int packetId) {
        Exchange exchange = open.get(packetId);
        if (exchange != null) {
            exchange.kept = true;
            changed = true;
        }
    }

    /** Released, or failed. */
    void finish(int packetId) {
        changed = true;
        open.remove(packetId);
        known.set(packetId);
        if (before != null) {
            finished.put(packetId, new ExchangeId(epoch, number));
            settle();
        }
    }

    /** Whether anything has happened that was not written. */
    boolean isChanged() {
        return changed;
    }

    /** The mark of an exchange that has begun. */
    byte[] mark(int packetId) {
        return new ExchangeMark(session, packetId, Objects.requireNonNull(open.get(packetId)).id).bytes();
    }

    private void settle() {
        if (before != null && (clock.nanos() - settledNanos >= 0 || finished.size() > FINISHED_MAX)) {
            before = null;
            finished.clear();
        }
    }

    /** What to write before a PUBCOMP leaves. */
    ReceivedExchanges image() {
        settle();
        changed = false;
        long sinceMillis = clock.millis();
        List<Open> all = new ArrayList<>(open.size());
        for (Map.Entry<Integer, Exchange> each : open.entrySet()) {
            Exchange exchange = each.getValue();
            all.add(new Open(each.getKey(), exchange.id, exchange.kept));
            if (!exchange.kept) {
                sinceMillis = Math.min(sinceMillis, exchange.beganMillis);
            }
        }
        ReceivedExchanges left = before;
        if (left == null) {
            return new ReceivedExchanges(
                    new ExchangeId(epoch, number), sinceMillis - CLOCK_SLACK_MILLIS, all, Map.of());
        }
        for (Open each : left.open()) {
            if (!each.kept() && !known.get(each.packetId())) {
                all.add(each);
            }
        }
        return new ReceivedExchanges(left.floor(), left.sinceMillis(), all, finished);
    }
}
