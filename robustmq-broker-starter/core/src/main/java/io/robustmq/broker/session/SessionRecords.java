/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.ReceivedExchanges.ExchangeId;
import io.robustmq.protocol.ReceivedExchanges.Open;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.SessionProgress.Outbound;
import io.robustmq.protocol.SessionProgress.Phase;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.StoredSubscription;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The records of {@code __sessions}. A key is one byte for the kind, then the tenant, a zero byte, the client id; for a
 * subscription another zero byte and the filter. A session is there while its {@link #META} is. Every value begins with a
 * version. Stateless.
 */
final class SessionRecords {
    static final byte META = 1;
    static final byte SUBSCRIPTION = 2;
    static final byte PROGRESS = 3;
    static final byte RECEIVED = 4;
    /** Of a group, whose name stands where the client id is. */
    static final byte GROUP = 5;

    static final byte VERSION = 1;
    /** Of progress with messages of groups. */
    private static final byte VERSION_WITH_GROUPS = 2;

    private static final int NO_LOCAL = 1;
    private static final int RETAIN_AS_PUBLISHED = 2;
    private static final int RETAIN_HANDLING_SHIFT = 2;
    private static final Phase[] PHASES = Phase.values();

    private SessionRecords() {}

    // --- keys

    /** @param filter empty but for a subscription */
    record Key(byte kind, SessionKey session, String filter) {}

    static byte[] key(byte kind, SessionKey session) {
        return key(kind, session, null);
    }

    private static byte[] key(byte kind, SessionKey session, @Nullable String filter) {
        String text = session.tenant() + '\0' + session.clientId() + (filter == null ? "" : '\0' + filter);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[1 + utf8.length];
        key[0] = kind;
        System.arraycopy(utf8, 0, key, 1, utf8.length);
        return key;
    }

    static Key parseKey(byte[] key) {
        if (key.length < 2) {
            throw damaged();
        }
        String[] parts = new String(key, 1, key.length - 1, StandardCharsets.UTF_8).split("\0", 3);
        if (parts.length != (key[0] == SUBSCRIPTION ? 3 : 2)) {
            throw damaged();
        }
        return new Key(key[0], new SessionKey(parts[0], parts[1]), parts.length == 3 ? parts[2] : "");
    }

    // --- what happens

    static CoordinatorRecord of(SessionKey session, SessionMeta meta) {
        byte[] will = meta.will();
        ByteBuf out = Unpooled.buffer(80 + (will == null ? 0 : will.length));
        out.writeByte(VERSION)
                .writeLong(meta.epoch())
                .writeLong(meta.incarnation())
                .writeLong(meta.createdMillis())
                .writeLong(meta.connectedMillis())
                .writeLong(meta.disconnectedMillis())
                .writeLong(meta.expirySeconds())
                .writeLong(meta.willDelaySeconds())
                .writeLong(meta.willAtMillis())
                .writeInt(will == null ? -1 : will.length);
        if (will != null) {
            out.writeBytes(will);
        }
        return new CoordinatorRecord(key(META, session), bytes(out));
    }

    static SessionMeta meta(byte[] value) {
        return reading(
                value,
                in -> new SessionMeta(
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        optional(in)));
    }

    static CoordinatorRecord of(SessionKey session, StoredSubscription subscription) {
        ByteBuf out = Unpooled.buffer(64);
        int options = (subscription.noLocal() ? NO_LOCAL : 0)
                | (subscription.retainAsPublished() ? RETAIN_AS_PUBLISHED : 0)
                | subscription.retainHandling() << RETAIN_HANDLING_SHIFT;
        out.writeByte(VERSION)
                .writeByte(subscription.qos())
                .writeByte(options)
                .writeInt(subscription.subscriptionId())
                .writeLong(subscription.sinceMillis());
        write(out, subscription.effectiveFrom());
        return new CoordinatorRecord(key(SUBSCRIPTION, session, subscription.filter()), bytes(out));
    }

    static StoredSubscription subscription(String filter, byte[] value) {
        return reading(value, in -> {
            int qos = in.readByte();
            int options = in.readByte();
            return new StoredSubscription(
                    filter,
                    qos,
                    (options & NO_LOCAL) != 0,
                    (options & RETAIN_AS_PUBLISHED) != 0,
                    options >> RETAIN_HANDLING_SHIFT,
                    in.readInt(),
                    in.readLong(),
                    positions(in));
        });
    }

    static CoordinatorRecord of(SessionKey session, SessionProgress progress) {
        ByteBuf out = Unpooled.buffer(256);
        boolean ofGroups = progress.inFlight().stream().anyMatch(each -> each.group() != null);
        out.writeByte(ofGroups ? VERSION_WITH_GROUPS : VERSION);
        write(out, progress.positions());
        out.writeInt(progress.inFlight().size());
        for (Outbound each : progress.inFlight()) {
            out.writeShort(each.packetId()).writeByte(each.phase().ordinal());
            write(out, each.shard().topic());
            out.writeInt(each.shard().partition()).writeLong(each.offset());
            if (ofGroups) {
                byte[] group = (each.group() == null ? "" : each.group()).getBytes(StandardCharsets.UTF_8);
                out.writeShort(group.length).writeBytes(group);
            }
        }
        Drops drops = progress.drops();
        out.writeLong(drops.count())
                .writeLong(drops.bytes())
                .writeLong(drops.age())
                .writeLong(drops.retention());
        return new CoordinatorRecord(key(PROGRESS, session), bytes(out));
    }

    static SessionProgress progress(byte[] value) {
        boolean ofGroups = value.length > 0 && value[0] == VERSION_WITH_GROUPS;
        return reading(value, ofGroups ? VERSION_WITH_GROUPS : VERSION, in -> {
            ShardPositions positions = positions(in);
            int count = in.readInt();
            List<Outbound> inFlight = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                inFlight.add(new Outbound(
                        in.readUnsignedShort(),
                        PHASES[in.readByte()],
                        new ShardId(topic(in), in.readInt()),
                        in.readLong(),
                        ofGroups ? group(in) : null));
            }
            Drops drops = new Drops(in.readLong(), in.readLong(), in.readLong(), in.readLong());
            return new SessionProgress(positions, List.copyOf(inFlight), drops);
        });
    }

    static CoordinatorRecord of(SessionKey session, ReceivedExchanges received) {
        ByteBuf out = Unpooled.buffer(64);
        out.writeByte(VERSION);
        write(out, received.floor());
        out.writeLong(received.sinceMillis()).writeInt(received.open().size());
        for (Open each : received.open()) {
            out.writeShort(each.packetId()).writeBoolean(each.kept());
            write(out, each.id());
        }
        out.writeInt(received.finished().size());
        received.finished().forEach((packetId, below) -> {
            out.writeShort(packetId);
            write(out, below);
        });
        return new CoordinatorRecord(key(RECEIVED, session), bytes(out));
    }

    static ReceivedExchanges received(byte[] value) {
        return reading(value, in -> {
            ExchangeId floor = exchange(in);
            long sinceMillis = in.readLong();
            int count = in.readInt();
            List<Open> open = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int packetId = in.readUnsignedShort();
                boolean kept = in.readBoolean();
                open.add(new Open(packetId, exchange(in), kept));
            }
            count = in.readInt();
            Map<Integer, ExchangeId> finished = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                finished.put(in.readUnsignedShort(), exchange(in));
            }
            return new ReceivedExchanges(floor, sinceMillis, open, finished);
        });
    }

    static CoordinatorRecord gone(byte kind, SessionKey session) {
        return new CoordinatorRecord(key(kind, session), null);
    }

    static CoordinatorRecord gone(SessionKey session, String filter) {
        return new CoordinatorRecord(key(SUBSCRIPTION, session, filter), null);
    }

    // --- parts

    /** Topics once each, then their partitions, since most sessions have every shard of one topic. */
    private static void write(ByteBuf out, ShardPositions positions) {
        out.writeInt(positions.size());
        TopicId last = null;
        for (int i = 0; i < positions.size(); i++) {
            ShardId shard = positions.shard(i);
            boolean same = shard.topic().equals(last);
            out.writeBoolean(same);
            if (!same) {
                write(out, shard.topic());
                last = shard.topic();
            }
            out.writeInt(shard.partition()).writeInt(positions.epoch(i)).writeLong(positions.offset(i));
        }
    }

    private static ShardPositions positions(ByteBuf in) {
        int count = in.readInt();
        Map<ShardId, ShardPositions.Place> places = new TreeMap<>();
        TopicId topic = null;
        for (int i = 0; i < count; i++) {
            if (!in.readBoolean() || topic == null) {
                topic = topic(in);
            }
            places.put(new ShardId(topic, in.readInt()), new ShardPositions.Place(in.readInt(), in.readLong()));
        }
        return ShardPositions.of(places);
    }

    private static void write(ByteBuf out, ExchangeId id) {
        out.writeLong(id.epoch()).writeLong(id.number());
    }

    private static @Nullable String group(ByteBuf in) {
        int length = in.readUnsignedShort();
        return length == 0
                ? null
                : in.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }

    private static ExchangeId exchange(ByteBuf in) {
        return new ExchangeId(in.readLong(), in.readLong());
    }

    static void write(ByteBuf out, TopicId topic) {
        out.writeLong(topic.mostSignificantBits()).writeLong(topic.leastSignificantBits());
    }

    static TopicId topic(ByteBuf in) {
        return new TopicId(in.readLong(), in.readLong());
    }

    private static byte @Nullable [] optional(ByteBuf in) {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    static byte[] bytes(ByteBuf out) {
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    @FunctionalInterface
    interface Parser<T> {
        T parse(ByteBuf in);
    }

    static <T> T reading(byte[] value, Parser<T> parser) {
        return reading(value, VERSION, parser);
    }

    private static <T> T reading(byte[] value, byte known, Parser<T> parser) {
        ByteBuf in = Unpooled.wrappedBuffer(value);
        try {
            byte version = in.readByte();
            if (version != known) {
                throw RmqError.NOT_SUPPORTED.exception("a session was written by a newer build (version " + version
                        + ", this one knows " + known + ")");
            }
            return parser.parse(in);
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw damaged();
        }
    }

    private static RuntimeException damaged() {
        return RmqError.CORRUPT_DATA.exception("a record of a session is damaged");
    }
}
