/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.netty.buffer.ByteBuf;
import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.broker.coordinator.StateMachine;
import io.robustmq.broker.session.GroupRecords.GroupState;
import io.robustmq.broker.session.SessionRecords.Key;
import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.ShardPositions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one shard of {@code __sessions}. Confined to its coordinator's loop; the set of names is shared with those
 * who only want to know whether there is anything to ask.
 */
final class SessionMachine implements StateMachine {
    private static final short STATE_VERSION = 1;
    private static final int ENDS_PER_TICK = 256;

    private final Set<SessionKey> names = ConcurrentHashMap.newKeySet();
    private final TenantCounts counts = new TenantCounts();
    private final DueWills wills;
    private final LongAdder expired;
    private final NavigableMap<SessionKey, SessionState> sessions = new TreeMap<>();
    private final Map<GroupKey, GroupState> groups = new TreeMap<>();
    private final GroupMembers members;
    private final TreeSet<Due> dues = new TreeSet<>();
    private ShardPositions shape = ShardPositions.NONE;
    private long highestEpoch;
    private @Nullable Watcher watcher;

    private record Due(long atMillis, SessionKey key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    /** Publishes what is due; tells the coordinator when that is done. */
    interface DueWills {
        /** False when nobody can publish it now: it is asked again. Called on the coordinator's loop. */
        boolean publish(SessionKey key, SessionMeta of);
    }

    /**
     * @param expired counts sessions that time has ended
     * @param life hears of sessions that have filters of groups
     */
    SessionMachine(DueWills wills, LongAdder expired, GroupMembers.Life life) {
        this.wills = wills;
        this.expired = expired;
        this.members = new GroupMembers(life);
    }

    /** Whether there is such a session, as far as is known without asking; from any thread. */
    boolean mayHave(SessionKey key) {
        return names.contains(key);
    }

    /** How many sessions there are; from any thread. */
    int count() {
        return names.size();
    }

    /** The same of one tenant. */
    long count(String tenant) {
        return counts.of(tenant);
    }

    private void forget(SessionKey key) {
        if (names.remove(key)) {
            counts.add(key.tenant(), -1);
        }
    }

    /** Is told what becomes of sessions, by replay. On the coordinator's loop. */
    interface Watcher {
        /** A session or its progress has changed. */
        void changed();

        /** Its connection is gone, and its progress is what that has left. */
        void asleep(SessionState session);
    }

    void watch(Watcher by) {
        watcher = by;
    }

    // --- what commands read

    /** The session; null when there is none. */
    @Nullable
    SessionState find(SessionKey key) {
        SessionState state = sessions.get(key);
        return state == null || state.meta() == null ? null : state;
    }

    /** Everything that may be left of a session, whether or not it is one. */
    @Nullable
    SessionState remains(SessionKey key) {
        return sessions.get(key);
    }

    Collection<SessionState> all() {
        return sessions.values();
    }

    /** Those behind the key, in order. */
    Collection<SessionState> behind(SessionKey key) {
        return sessions.tailMap(key, false).values();
    }

    /** Higher than every epoch before, also where a session was forgotten in between. */
    long nextEpoch(long nowMillis) {
        return Math.max(highestEpoch + 1, nowMillis);
    }

    /** The group; null when it is not kept. */
    @Nullable
    GroupState group(GroupKey key) {
        return groups.get(key);
    }

    Map<GroupKey, GroupState> groups() {
        return groups;
    }

    // --- replay

    @Override
    public void replay(CoordinatorRecord record, long offset) {
        Key key = SessionRecords.parseKey(record.key());
        byte[] value = record.value();
        if (key.kind() == SessionRecords.GROUP) {
            replay(GroupKey.of(key.session()), value);
            return;
        }
        SessionState state = sessions.computeIfAbsent(key.session(), SessionState::new);
        switch (key.kind()) {
            case SessionRecords.META -> meta(state, value == null ? null : SessionRecords.meta(value));
            case SessionRecords.SUBSCRIPTION -> {
                if (value == null) {
                    state.remove(key.filter());
                } else {
                    state.put(SessionRecords.subscription(key.filter(), value));
                }
                members.changed(key.session(), key.filter(), value != null);
            }
            case SessionRecords.PROGRESS ->
                state.progress(value == null ? null : shared(SessionRecords.progress(value)));
            case SessionRecords.RECEIVED -> state.received(value == null ? null : SessionRecords.received(value));
            default -> {
                // Of a newer build: kept in the shard, unknown here.
            }
        }
        if (state.isGone()) {
            sessions.remove(key.session());
        }
        tell(key.kind(), state);
    }

    private void tell(byte kind, SessionState state) {
        Watcher told = watcher;
        if (told != null && (kind == SessionRecords.META || kind == SessionRecords.PROGRESS)) {
            told.changed();
            SessionMeta meta = state.meta();
            if (kind == SessionRecords.META && meta != null && !meta.isConnected()) {
                told.asleep(state);
            }
        }
    }

    private void replay(GroupKey group, byte @Nullable [] value) {
        if (value == null) {
            groups.remove(group);
        } else {
            groups.put(group, GroupRecords.state(value));
        }
    }

    private void meta(SessionState state, @Nullable SessionMeta changed) {
        SessionMeta before = state.meta();
        if (before != null && before.dueMillis() != Long.MAX_VALUE) {
            dues.remove(new Due(before.dueMillis(), state.key()));
        }
        state.meta(changed);
        if (changed == null) {
            forget(state.key());
            return;
        }
        highestEpoch = Math.max(highestEpoch, changed.epoch());
        if (names.add(state.key())) {
            counts.add(state.key().tenant(), 1);
        }
        if (changed.dueMillis() != Long.MAX_VALUE) {
            dues.add(new Due(changed.dueMillis(), state.key()));
        }
    }

    /** Sessions with the same shards share the array of them. */
    private SessionProgress shared(SessionProgress progress) {
        ShardPositions positions = progress.positions().sharing(shape);
        shape = positions;
        return positions == progress.positions()
                ? progress
                : new SessionProgress(positions, progress.inFlight(), progress.drops());
    }

    /** What is not known for certain is forgotten; the names stay in sight until the shard has been read again. */
    @Override
    public void reset() {
        sessions.clear();
        groups.clear();
        members.reset();
        dues.clear();
        highestEpoch = 0;
    }

    @Override
    public void loaded() {
        names.forEach(each -> {
            if (!sessions.containsKey(each)) {
                forget(each);
            }
        });
        members.loaded();
    }

    // --- time

    @Override
    public long nextTickMillis() {
        return dues.isEmpty() ? Long.MAX_VALUE : dues.first().atMillis;
    }

    /** Sessions that are over go; one with a will goes when that is published. */
    @Override
    public List<CoordinatorRecord> tick(long nowMillis) {
        List<CoordinatorRecord> records = new ArrayList<>();
        int ends = 0;
        for (Due due : dues) {
            if (due.atMillis > nowMillis || ends++ == ENDS_PER_TICK) {
                break;
            }
            SessionState state = find(due.key);
            SessionMeta meta = state == null ? null : state.meta();
            if (state == null || meta == null) {
                continue;
            }
            if (meta.will() != null) {
                wills.publish(due.key, meta);
            } else {
                expired.increment();
                SessionCommands.forget(state, records);
            }
        }
        return records;
    }

    // --- snapshots

    @Override
    public short stateVersion() {
        return STATE_VERSION;
    }

    @Override
    public StateDump dump() {
        Iterator<SessionKey> keys = List.copyOf(sessions.keySet()).iterator();
        Iterator<GroupKey> ofGroups = List.copyOf(groups.keySet()).iterator();
        return (out, bytes) -> {
            int until = out.writerIndex() + bytes;
            while (ofGroups.hasNext() && out.writerIndex() < until) {
                GroupKey next = ofGroups.next();
                GroupState group = groups.get(next);
                if (group != null) {
                    write(out, GroupRecords.of(next, group));
                }
            }
            while (keys.hasNext() && out.writerIndex() < until) {
                SessionState state = sessions.get(keys.next());
                if (state != null) {
                    dump(out, state);
                }
            }
            return !keys.hasNext() && !ofGroups.hasNext();
        };
    }

    private static void dump(ByteBuf out, SessionState state) {
        SessionMeta meta = state.meta();
        if (meta != null) {
            write(out, SessionRecords.of(state.key(), meta));
        }
        state.subscriptions().forEach(each -> write(out, SessionRecords.of(state.key(), each)));
        if (state.progress() != SessionProgress.NONE) {
            write(out, SessionRecords.of(state.key(), state.progress()));
        }
        if (state.received() != ReceivedExchanges.NONE) {
            write(out, SessionRecords.of(state.key(), state.received()));
        }
    }

    private static void write(ByteBuf out, CoordinatorRecord record) {
        byte[] value = java.util.Objects.requireNonNull(record.value());
        out.writeInt(record.key().length).writeBytes(record.key());
        out.writeInt(value.length).writeBytes(value);
    }

    @Override
    public void restore(ByteBuf body) {
        while (body.isReadable()) {
            byte[] key = new byte[body.readInt()];
            body.readBytes(key);
            byte[] value = new byte[body.readInt()];
            body.readBytes(value);
            replay(new CoordinatorRecord(key, value), -1);
        }
    }
}
