/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.broker.coordinator.CoordinatorHandle;
import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.SessionProgress.Outbound;
import io.robustmq.protocol.ShardPositions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lowest offset that the sessions of one coordinator need of each shard, looked for now and then, some sessions in a turn, and only
 * when one of them has changed: an append costs nothing here, however many sleep. In between a session that goes to sleep can only
 * lower it. Confined to the coordinator's loop.
 */
final class SleeperScan implements SessionMachine.Watcher {
    static final long INTERVAL_MILLIS = 10_000;
    private static final long LOADING_MILLIS = 500;
    private static final int SESSIONS_PER_TURN = 512;
    /** A session that has just come back reads what it has slept through, and may not have said so yet. */
    private static final long JUST_BACK_MILLIS = 60_000;

    private final SessionMachine machine;
    private final CoordinatorHandle<SessionMachine> coordinator;
    private final LogHolds holds;
    private final String name;
    private Map<ShardId, Long> told = new HashMap<>();
    /** Of the scan that is under way; null when there is none. */
    private @Nullable Map<ShardId, Long> found;

    private @Nullable SessionKey cursor;
    private boolean scheduled;
    private boolean changed;
    private boolean tellsAll;
    private boolean closed;

    SleeperScan(SessionMachine machine, CoordinatorHandle<SessionMachine> coordinator, LogHolds holds, String name) {
        this.machine = machine;
        this.coordinator = coordinator;
        this.holds = holds;
        this.name = name;
    }

    /** From any thread. */
    void begin() {
        coordinator.loop().execute(() -> {
            machine.watch(this);
            changed();
        });
    }

    /** From any thread: tells everything once more, soon; for shards that were opened anew, which do not know their holds. */
    void tellAgain() {
        coordinator.loop().execute(() -> {
            if (!told.isEmpty()) {
                tellsAll = true;
                later();
            }
        });
    }

    /** From any thread. */
    void close() {
        coordinator.loop().execute(() -> closed = true);
    }

    @Override
    public void changed() {
        changed = true;
        if (found == null) {
            later();
        }
    }

    private void later() {
        if (!scheduled && !closed) {
            scheduled = true;
            long millis = coordinator.isActive() ? INTERVAL_MILLIS : LOADING_MILLIS;
            coordinator.loop().schedule(millis, this::look);
        }
    }

    private void look() {
        scheduled = false;
        if (closed || found != null) {
            return;
        }
        if (!coordinator.isActive()) {
            later();
            return;
        }
        if (tellsAll) {
            tellsAll = false;
            told.forEach((shard, offset) -> holds.hold(name, shard, offset));
        }
        if (changed) {
            changed = false;
            found = new HashMap<>();
            cursor = null;
            turn();
        }
    }

    private void turn() {
        Map<ShardId, Long> lowest = found;
        if (closed || lowest == null) {
            return;
        }
        int visited = 0;
        for (SessionState state : cursor == null ? machine.all() : machine.behind(cursor)) {
            add(state, lowest);
            cursor = state.key();
            if (++visited == SESSIONS_PER_TURN) {
                coordinator.loop().execute(this::turn);
                return;
            }
        }
        found = null;
        if (coordinator.isActive()) {
            tell(lowest);
        }
        if (changed || tellsAll) {
            later();
        }
    }

    private void tell(Map<ShardId, Long> lowest) {
        lowest.forEach((shard, offset) -> {
            if (!offset.equals(told.get(shard))) {
                holds.hold(name, shard, offset);
            }
        });
        told.keySet().forEach(shard -> {
            if (!lowest.containsKey(shard)) {
                holds.hold(name, shard, LogHolds.NOTHING);
            }
        });
        told = lowest;
    }

    @Override
    public void asleep(SessionState state) {
        if (!coordinator.isActive()) {
            // Its shard is being read: all of it is looked at behind that.
            return;
        }
        Map<ShardId, Long> underWay = found;
        if (underWay != null) {
            add(state, underWay);
        }
        Map<ShardId, Long> lowered = new HashMap<>();
        add(state, lowered);
        lowered.forEach((shard, offset) -> {
            Long before = told.get(shard);
            if (before == null || offset < before) {
                told.put(shard, offset);
                holds.hold(name, shard, offset);
            }
        });
    }

    private void add(SessionState state, Map<ShardId, Long> to) {
        SessionMeta meta = state.meta();
        if (meta == null) {
            return;
        }
        for (Outbound each : state.progress().inFlight()) {
            to.merge(each.shard(), each.offset(), Math::min);
        }
        if (meta.isConnected() && !state.readsBacklog() && !isJustBack(meta)) {
            return;
        }
        ShardPositions positions = state.progress().positions();
        for (int i = 0; i < positions.size(); i++) {
            to.merge(positions.shard(i), positions.offset(i), Math::min);
        }
    }

    private boolean isJustBack(SessionMeta meta) {
        if (coordinator.loop().clock().millis() - meta.connectedMillis() > JUST_BACK_MILLIS) {
            return false;
        }
        // That ends without a record.
        changed = true;
        return true;
    }
}
