/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.WindowDelivery;
import io.robustmq.protocol.WindowMember;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Outbound QoS 1 and 2 messages under way, by packet id. Ids are given in turn, and a slot table much smaller than the id
 * space holds their states, so that an idle client costs nothing and a busy one no allocation per message. Confined to the
 * session's loop.
 */
final class Inflight {
    /** What the client owes us. */
    enum State {
        PUBACK,
        PUBREC,
        PUBCOMP
    }

    /**
     * A message that has to be sent again after a reconnect.
     *
     * @param message null when it is to be found in the log only
     * @param shard where it lies; null when it is not in the log
     * @param shared what a group gave
     * @param group the filter of the group that gave it, when it lies in the log; null when the message is the session's own
     */
    record Unfinished(
            int packetId,
            State state,
            @Nullable StoredMessage message,
            int[] subscriptionIds,
            boolean retain,
            @Nullable ShardId shard,
            long offset,
            @Nullable WindowDelivery shared,
            @Nullable String group) {}

    private static final State[] STATES = State.values();
    private static final int FIRST_SLOTS = 16;
    private static final int PACKET_ID_MAX = 65_535;
    private static final int[] NO_IDS = {};

    private int[] ids = new int[0];
    private byte[] states = new byte[0];
    private long[] orders = new long[0];
    private @Nullable Kept @Nullable [] kept;
    private int size;
    private int lastId;
    private long nextOrder;

    /**
     * @param message null when it is to be found in the log only
     * @param shared what a group gave, which has to hear how it ended
     */
    private record Kept(
            @Nullable StoredMessage message,
            int[] subscriptionIds,
            boolean retain,
            @Nullable ShardId shard,
            long offset,
            @Nullable WindowDelivery shared,
            @Nullable String group) {

        void done() {
            if (shared != null) {
                shared.done();
            }
        }
    }

    int size() {
        return size;
    }

    /** Takes the next free packet id for a message of QoS 1 or 2. */
    int add(int qos) {
        if (size * 2 >= ids.length) {
            grow();
        }
        int mask = ids.length - 1;
        int id = lastId;
        do {
            id = id == PACKET_ID_MAX ? 1 : id + 1;
        } while (ids[id & mask] != 0);
        lastId = id;
        int slot = id & mask;
        ids[slot] = id;
        states[slot] = (byte) (qos == 1 ? State.PUBACK : State.PUBREC).ordinal();
        orders[slot] = nextOrder++;
        size++;
        return id;
    }

    /** Keeps where the message lies, for a reconnect; sessions that end with their connection skip this. */
    void keep(int packetId, ShardId shard, long offset) {
        keep(packetId, new Kept(null, NO_IDS, false, shard, offset, null, null));
    }

    /** Keeps a message that is not in the log, for a reconnect. */
    void keep(int packetId, StoredMessage message, int[] subscriptionIds, boolean retain) {
        keep(packetId, message, subscriptionIds, retain, null);
    }

    /** Keeps what a reconnect needs, and what a group has given in any session. */
    void keep(
            int packetId,
            StoredMessage message,
            int[] subscriptionIds,
            boolean retain,
            @Nullable WindowDelivery shared) {
        keep(packetId, new Kept(message, subscriptionIds, retain, null, -1, shared, null));
    }

    /** Keeps what a group has given that outlives the process, and must be finished with this client in the next one, too. */
    void keepBegun(
            int packetId,
            StoredMessage message,
            int[] subscriptionIds,
            boolean retain,
            WindowDelivery shared,
            String group) {
        keep(packetId, new Kept(message, subscriptionIds, retain, shared.shard(), shared.offset(), shared, group));
    }

    private void keep(int packetId, Kept what) {
        Kept[] all = kept;
        if (all == null) {
            all = new Kept[ids.length];
            kept = all;
        }
        all[packetId & ids.length - 1] = what;
    }

    /** Whether that message waits for that packet. */
    boolean awaits(int packetId, State state) {
        int slot = slot(packetId);
        return slot >= 0 && STATES[states[slot]] == state;
    }

    /**
     * The client has the message and owes only PUBCOMP: the payload is not needed any more. Answers what a group gave that has to
     * be told first; null for most.
     */
    @Nullable
    WindowDelivery received(int packetId) {
        int slot = slot(packetId);
        states[slot] = (byte) State.PUBCOMP.ordinal();
        Kept[] all = kept;
        Kept message = all == null ? null : all[slot];
        if (all == null || message == null) {
            return null;
        }
        if (message.shard == null) {
            done(all, slot);
            return null;
        }
        if (message.shared != null) {
            all[slot] = new Kept(null, NO_IDS, false, message.shard, message.offset, null, message.group);
        }
        return message.shared;
    }

    private static void done(@Nullable Kept[] all, int slot) {
        Kept message = all[slot];
        all[slot] = null;
        if (message != null) {
            message.done();
        }
    }

    /** Takes up what an earlier connection has sent, in the order of that. */
    void restore(int packetId, State state, ShardId shard, long offset, @Nullable String group) {
        restore(packetId, state, new Kept(null, NO_IDS, false, shard, offset, null, group));
    }

    /** The group's side of a message that was taken up; false when there is no such message. */
    boolean attach(int packetId, WindowDelivery shared) {
        int slot = slot(packetId);
        Kept[] all = kept;
        Kept message = slot < 0 || all == null ? null : all[slot];
        if (all == null || message == null || message.group == null || message.offset != shared.offset()) {
            return false;
        }
        if (STATES[states[slot]] == State.PUBCOMP) {
            shared.done();
        } else {
            all[slot] = new Kept(
                    message.message,
                    message.subscriptionIds,
                    message.retain,
                    message.shard,
                    message.offset,
                    shared,
                    message.group);
        }
        return true;
    }

    /** The same of a message that is not in the log. */
    void restore(Unfinished unlogged) {
        restore(
                unlogged.packetId,
                unlogged.state,
                new Kept(unlogged.message, unlogged.subscriptionIds, unlogged.retain, null, -1, unlogged.shared, null));
    }

    private void restore(int packetId, State state, Kept what) {
        while (size * 2 >= ids.length || ids[packetId & ids.length - 1] != 0) {
            grow();
        }
        int slot = packetId & ids.length - 1;
        ids[slot] = packetId;
        states[slot] = (byte) state.ordinal();
        orders[slot] = nextOrder++;
        lastId = Math.max(lastId, packetId);
        size++;
        keep(packetId, what);
    }

    void remove(int packetId) {
        int slot = slot(packetId);
        ids[slot] = 0;
        size--;
        Kept[] all = kept;
        if (all != null) {
            done(all, slot);
        }
    }

    /**
     * Takes out what groups gave at QoS 1, in its order: somebody else may have it now. QoS 2 stays, because it must be finished
     * with this client ([MQTT-4.8.2-4]).
     *
     * @param of null for all groups
     */
    List<WindowDelivery> removeShared(@Nullable WindowMember of) {
        Kept[] all = kept;
        if (all == null) {
            return List.of();
        }
        List<WindowDelivery> removed = new ArrayList<>();
        for (Unfinished each : unfinished()) {
            int slot = slot(each.packetId());
            Kept message = all[slot];
            WindowDelivery shared = message == null ? null : message.shared;
            if (shared != null && each.state() == State.PUBACK && (of == null || shared.member() == of)) {
                all[slot] = null;
                ids[slot] = 0;
                size--;
                removed.add(shared);
            }
        }
        return removed;
    }

    /** The session ends: what groups gave and what is still here goes to nobody. */
    void forgetShared() {
        Kept[] all = kept;
        if (all != null) {
            for (int slot = 0; slot < all.length; slot++) {
                done(all, slot);
            }
        }
    }

    private int slot(int packetId) {
        if (ids.length == 0) {
            return -1;
        }
        int slot = packetId & ids.length - 1;
        return ids[slot] == packetId ? slot : -1;
    }

    /** All messages under way in the order in which they were first sent ([MQTT-4.6.0-1]). */
    List<Unfinished> unfinished() {
        record Ordered(long order, Unfinished message) {}
        List<Ordered> found = new ArrayList<>(size);
        for (int slot = 0; slot < ids.length; slot++) {
            if (ids[slot] != 0) {
                Kept message = kept == null ? null : kept[slot];
                found.add(new Ordered(
                        orders[slot],
                        new Unfinished(
                                ids[slot],
                                STATES[states[slot]],
                                message == null ? null : message.message,
                                message == null ? NO_IDS : message.subscriptionIds,
                                message != null && message.retain,
                                message == null ? null : message.shard,
                                message == null ? -1 : message.offset,
                                message == null ? null : message.shared,
                                message == null ? null : message.group)));
            }
        }
        found.sort(Comparator.comparingLong(Ordered::order));
        return found.stream().map(Ordered::message).toList();
    }

    private void grow() {
        int capacity = ids.length == 0 ? FIRST_SLOTS : ids.length * 2;
        int[] oldIds = ids;
        byte[] oldStates = states;
        long[] oldOrders = orders;
        Kept[] oldKept = kept;
        ids = new int[capacity];
        states = new byte[capacity];
        orders = new long[capacity];
        kept = oldKept == null ? null : new Kept[capacity];
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != 0) {
                int slot = oldIds[i] & capacity - 1;
                ids[slot] = oldIds[i];
                states[slot] = oldStates[i];
                orders[slot] = oldOrders[i];
                if (oldKept != null && kept != null) {
                    kept[slot] = oldKept[i];
                }
            }
        }
    }

    @Override
    public String toString() {
        return "Inflight" + Arrays.toString(ids);
    }
}
