/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.broker.window.GroupProgress.Place;
import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.ShardPositions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is that outlives the process: in each shard everything below a place was seen, but for what is open. Confined to
 * the window's loop.
 */
final class Track {
    private final Map<ShardId, InShard> shards = new HashMap<>();
    /** What an earlier process has begun with a client that has not come back yet. */
    private final Map<String, Set<At>> held = new HashMap<>();

    /** The same of shards where the group had not been, as far as was kept. */
    private final Map<ShardId, List<StoredGroup.Held>> ahead = new HashMap<>();

    private @Nullable InShard last;
    private long lostByCount;
    private long lostByBytes;
    private long lostByAge;
    private long lostByRetention;

    private record At(ShardId shard, long offset) {}

    private static final class InShard {
        final ShardId shard;
        int epoch;
        long next;
        final OpenOffsets open;
        /** Not below {@link #next}. */
        final TreeSet<Long> settled = new TreeSet<>();
        /** One client's, wherever they are. */
        final Set<Long> held = new HashSet<>();

        InShard(ShardId shard, int epoch, long next, long[] open) {
            this.shard = shard;
            this.epoch = epoch;
            this.next = next;
            this.open = new OpenOffsets(open);
        }

        Place toPlace() {
            return new Place(
                    shard,
                    epoch,
                    next,
                    open.toArray(),
                    settled.stream().mapToLong(Long::longValue).toArray());
        }
    }

    /** Where an earlier process has left. */
    void restore(StoredGroup group) {
        Drops drops = group.progress().drops();
        lostByCount = drops.count();
        lostByBytes = drops.bytes();
        lostByAge = drops.age();
        lostByRetention = drops.retention();
        for (Place each : group.progress().places()) {
            InShard in = new InShard(each.shard(), each.epoch(), each.next(), each.open());
            for (long offset : each.settled()) {
                in.settled.add(offset);
            }
            shards.put(each.shard(), in);
        }
        for (StoredGroup.Held each : group.held()) {
            InShard in = shards.get(each.shard());
            if (in == null) {
                ahead.computeIfAbsent(each.shard(), shard -> new ArrayList<>()).add(each);
            } else {
                restore(in, each);
            }
        }
    }

    private void restore(InShard in, StoredGroup.Held each) {
        if (each.settled()) {
            settle(in, each.offset());
        } else {
            in.held.add(each.offset());
            held.computeIfAbsent(each.clientId(), client -> new HashSet<>()).add(new At(each.shard(), each.offset()));
        }
    }

    private @Nullable InShard find(ShardId shard) {
        InShard known = last;
        if (known == null || !known.shard.equals(shard)) {
            known = shards.get(shard);
            last = known;
        }
        return known;
    }

    boolean knows(ShardId shard) {
        return find(shard) != null;
    }

    boolean knowsTopicOf(ShardId shard) {
        return shards.keySet().stream().anyMatch(each -> each.topic().equals(shard.topic()));
    }

    Set<ShardId> shards() {
        return shards.keySet();
    }

    /** It begins there, unless it has begun. */
    void begin(ShardId shard, int epoch, long next) {
        if (shards.containsKey(shard)) {
            return;
        }
        InShard in = new InShard(shard, epoch, next, new long[0]);
        shards.put(shard, in);
        last = in;
        List<StoredGroup.Held> of = ahead.remove(shard);
        if (of != null) {
            of.forEach(each -> restore(in, each));
        }
    }

    void epoch(ShardId shard, int epoch) {
        InShard in = find(shard);
        if (in != null) {
            in.epoch = epoch;
        }
    }

    int epoch(ShardId shard) {
        InShard in = find(shard);
        return in == null ? 0 : in.epoch;
    }

    /** The shard is gone. */
    void forget(ShardId shard) {
        shards.remove(shard);
        last = null;
    }

    long next(ShardId shard) {
        InShard in = find(shard);
        return in == null ? -1 : in.next;
    }

    /** Where what is to be read begins: not with what is one client's. */
    long readFrom(ShardId shard) {
        InShard in = find(shard);
        if (in == null) {
            return -1;
        }
        for (long offset : in.open.toArray()) {
            if (!in.held.contains(offset)) {
                return offset;
            }
        }
        return in.next;
    }

    /** The owner has lost what lay from there on. */
    void truncate(ShardId shard, long end) {
        InShard in = find(shard);
        if (in != null && end < in.next) {
            in.next = end;
            in.open.truncate(end);
            in.settled.clear();
            in.held.removeIf(offset -> offset >= end);
        }
    }

    /** Everything below is over, or open already. */
    void seen(ShardId shard, long next) {
        InShard in = find(shard);
        if (in != null && next > in.next) {
            in.next = next;
            in.settled.headSet(next).clear();
        }
    }

    /** A message comes: whether somebody has to get it. It is open then. */
    boolean take(ShardId shard, long offset) {
        InShard in = find(shard);
        if (in == null) {
            return true;
        }
        if (offset < in.next) {
            // Left open by an earlier process.
            return in.open.contains(offset) && !in.held.contains(offset);
        }
        in.next = offset + 1;
        if (!in.settled.isEmpty() && in.settled.remove(offset)) {
            return false;
        }
        in.open.add(offset);
        return in.held.isEmpty() || !in.held.contains(offset);
    }

    /** Nobody gets it any more. */
    void settle(ShardId shard, long offset) {
        InShard in = find(shard);
        if (in != null) {
            settle(in, offset);
        }
    }

    private static void settle(InShard in, long offset) {
        if (!in.held.isEmpty()) {
            in.held.remove(offset);
        }
        if (offset >= in.next) {
            in.settled.add(offset);
        } else {
            in.open.remove(offset);
        }
    }

    /** The client is back; what it has is settled by it. */
    void takenUp(String clientId, ShardId shard, long offset) {
        Set<At> of = held.get(clientId);
        if (of != null) {
            of.remove(new At(shard, offset));
        }
    }

    /** The client does not come back: what it had begun nobody else may have ([MQTT-4.8.2-5]). */
    void left(String clientId) {
        Set<At> of = held.remove(clientId);
        if (of != null) {
            of.forEach(each -> settle(each.shard, each.offset));
        }
    }

    /** How many of an earlier process's messages are open. */
    long open() {
        long open = 0;
        for (InShard each : shards.values()) {
            open += each.open.size();
        }
        return open;
    }

    void lost(long count, long bytes, long age, long retention) {
        lostByCount += count;
        lostByBytes += bytes;
        lostByAge += age;
        lostByRetention += retention;
    }

    Drops drops() {
        return new Drops(lostByCount, lostByBytes, lostByAge, lostByRetention);
    }

    GroupProgress progress() {
        List<Place> places = new ArrayList<>(shards.size());
        shards.values().forEach(each -> places.add(each.toPlace()));
        return new GroupProgress(List.copyOf(places), drops());
    }

    /** Everything below is over. */
    ShardPositions positions() {
        Map<ShardId, ShardPositions.Place> places = new TreeMap<>();
        shards.forEach((shard, in) -> places.put(
                shard,
                new ShardPositions.Place(in.epoch, in.open.isEmpty() ? in.next : Math.min(in.next, in.open.first()))));
        return ShardPositions.of(places);
    }
}
