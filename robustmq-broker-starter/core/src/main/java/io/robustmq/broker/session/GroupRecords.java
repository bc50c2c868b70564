/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.broker.window.GroupProgress;
import io.robustmq.broker.window.GroupProgress.Place;
import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.SessionProgress.Drops;
import java.util.ArrayList;
import java.util.List;

/**
 * The record of a group in {@code __sessions}: one for each, the whole of it. Offsets of a shard are written as distances, which
 * are short. Stateless.
 */
final class GroupRecords {

    private GroupRecords() {}

    /** @param sinceMillis tells it from a later group of the same name */
    record GroupState(long sinceMillis, GroupProgress progress) {}

    static CoordinatorRecord of(GroupKey group, GroupState state) {
        ByteBuf out = Unpooled.buffer(128);
        Drops drops = state.progress().drops();
        out.writeByte(SessionRecords.VERSION)
                .writeLong(state.sinceMillis())
                .writeLong(drops.count())
                .writeLong(drops.bytes())
                .writeLong(drops.age())
                .writeLong(drops.retention())
                .writeInt(state.progress().places().size());
        for (Place each : state.progress().places()) {
            SessionRecords.write(out, each.shard().topic());
            out.writeInt(each.shard().partition()).writeInt(each.epoch()).writeLong(each.next());
            write(out, each.open());
            write(out, each.settled());
        }
        return new CoordinatorRecord(SessionRecords.key(SessionRecords.GROUP, group.key()), SessionRecords.bytes(out));
    }

    static GroupState state(byte[] value) {
        return SessionRecords.reading(value, in -> {
            long sinceMillis = in.readLong();
            Drops drops = new Drops(in.readLong(), in.readLong(), in.readLong(), in.readLong());
            int count = in.readInt();
            List<Place> places = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ShardId shard = new ShardId(SessionRecords.topic(in), in.readInt());
                places.add(new Place(shard, in.readInt(), in.readLong(), offsets(in), offsets(in)));
            }
            return new GroupState(sinceMillis, new GroupProgress(List.copyOf(places), drops));
        });
    }

    static CoordinatorRecord gone(GroupKey group) {
        return SessionRecords.gone(SessionRecords.GROUP, group.key());
    }

    private static void write(ByteBuf out, long[] rising) {
        out.writeInt(rising.length);
        long before = 0;
        for (long each : rising) {
            long distance = each - before;
            while (distance >= 0x80) {
                out.writeByte((int) distance & 0x7F | 0x80);
                distance >>>= 7;
            }
            out.writeByte((int) distance);
            before = each;
        }
    }

    private static long[] offsets(ByteBuf in) {
        int count = in.readInt();
        if (count > in.readableBytes()) {
            throw new IndexOutOfBoundsException();
        }
        long[] rising = new long[count];
        long before = 0;
        for (int i = 0; i < count; i++) {
            long distance = 0;
            int shift = 0;
            int next;
            do {
                next = in.readByte();
                distance |= (long) (next & 0x7F) << shift;
                shift += 7;
            } while (next < 0);
            before += distance;
            rising[i] = before;
        }
        return rising;
    }
}
