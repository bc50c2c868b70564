/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Valid packets with random damage: whatever comes, either packets are handed on that survive being encoded and decoded
 * again, or one exception with a code that this packet may end in. The seed is logged; {@code -Dcodec.seed} repeats it.
 */
class MutationFuzzTest {
    private static final Logger LOG = LoggerFactory.getLogger(MutationFuzzTest.class);
    private static final int INPUTS = 300_000;
    private static final int MAXIMUM = 1 << 16;
    private static final byte[] TELLING = {
        0,
        1,
        2,
        3,
        4,
        '#',
        '+',
        '/',
        '$',
        0x7F,
        (byte) 0x80,
        (byte) 0xC0,
        (byte) 0xED,
        (byte) 0xF4,
        (byte) 0xFF,
        0x0B,
        0x23,
        0x26
    };

    private static final List<Set<Integer>> ALLOWED_CODES =
            IntStream.range(0, 16).mapToObj(MutationFuzzTest::allowedCodes).toList();

    // Without leak records: each buffer's count is checked here, and they cost more than all the rest.
    private static final UnpooledByteBufAllocator DIRECT = new UnpooledByteBufAllocator(true, true);

    private final long seed = Long.getLong("codec.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<MqttVersion, List<byte[]>> clientSeeds = new HashMap<>();
    private final Map<MqttVersion, List<byte[]>> serverSeeds = new HashMap<>();
    private final Map<Integer, Set<Integer>> seenCodes = new HashMap<>();
    private int accepted;
    private int refused;
    private int waiting;

    @Test
    void damagedPacketsEndInASpecifiedReasonCode() {
        LOG.info("codec.seed={}", seed);
        collectSeeds();
        for (int i = 0; i < INPUTS; i++) {
            MqttVersion version = MqttVersion.values()[random.nextInt(4) % 3];
            boolean fromServer = random.nextInt(4) == 0;
            byte[] input = mutate((fromServer ? serverSeeds : clientSeeds).get(version));
            try {
                feed(version, fromServer, input, i % 16 == 0);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + ", input " + i + ", " + version + ": " + ByteBufUtil.hexDump(input), e);
            }
        }
        LOG.info("accepted {}, refused {}, incomplete {}, codes {}", accepted, refused, waiting, seenCodes);
        // The damage must neither be so small nor so large that only one outcome is ever tried.
        assertThat(List.of(accepted, refused, waiting)).allMatch(count -> count > INPUTS / 20);
        assertThat(seenCodes.get(PacketType.PUBLISH)).contains(0x81, 0x82, 0x90, 0x94);
        assertThat(seenCodes.get(PacketType.CONNECT)).contains(0x81, 0x82, 0x84, 0x90);
        assertThat(seenCodes.get(PacketType.SUBSCRIBE)).contains(0x81, 0x82, 0x8F);
    }

    private void collectSeeds() {
        for (MqttVersion version : MqttVersion.values()) {
            clientSeeds.put(version, new ArrayList<>());
            serverSeeds.put(version, new ArrayList<>());
            RandomPackets packets = new RandomPackets(random, version);
            for (int i = 0; i < 200; i++) {
                ByteBuf out = Unpooled.buffer();
                if (i % 4 == 0) {
                    packets.writeConnect(out);
                } else {
                    packets.writeOfClient(out);
                }
                clientSeeds.get(version).add(ByteBufUtil.getBytes(out));
                out.clear();
                packets.writeOfServer(out);
                serverSeeds.get(version).add(ByteBufUtil.getBytes(out));
            }
        }
        Golden.rows("client.txt").forEach(row -> clientSeeds.get(row.version()).add(row.bytes()));
        Golden.rows("server.txt").forEach(row -> serverSeeds.get(row.version()).add(row.bytes()));
        clientSeeds.values().forEach(seeds -> seeds.removeIf(bytes -> bytes.length > 600));
        serverSeeds.values().forEach(seeds -> seeds.removeIf(bytes -> bytes.length > 600));
    }

    private byte[] mutate(List<byte[]> seeds) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(8)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
                case 2 -> bytes[at] = (byte) random.nextInt(256);
                case 3 -> bytes = cut(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(4)));
                case 4 -> bytes = splice(bytes, at, new byte[] {TELLING[random.nextInt(TELLING.length)]});
                case 5 -> bytes = Arrays.copyOf(bytes, Math.max(2, at));
                case 6 -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    int from = random.nextInt(other.length);
                    int to = Math.min(other.length, from + random.nextInt(24));
                    bytes = splice(bytes, at, Arrays.copyOfRange(other, from, to));
                }
                default -> {
                    int to = Math.min(bytes.length, at + 1 + random.nextInt(8));
                    bytes = splice(bytes, at, Arrays.copyOfRange(bytes, at, to));
                }
            }
        }
        return random.nextInt(4) == 0 ? bytes : withTrueLength(bytes);
    }

    private static byte[] cut(byte[] bytes, int from, int to) {
        byte[] rest = new byte[Math.max(2, bytes.length - (to - from))];
        System.arraycopy(bytes, 0, rest, 0, Math.min(from, rest.length));
        if (bytes.length > to && rest.length > from) {
            System.arraycopy(bytes, to, rest, from, Math.min(bytes.length - to, rest.length - from));
        }
        return rest;
    }

    private static byte[] splice(byte[] bytes, int at, byte[] inserted) {
        byte[] longer = new byte[bytes.length + inserted.length];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(inserted, 0, longer, at, inserted.length);
        System.arraycopy(bytes, at, longer, at + inserted.length, bytes.length - at);
        return longer;
    }

    /** Puts the remaining length right, or else most damage would end in waiting. */
    private static byte[] withTrueLength(byte[] bytes) {
        int body = 1;
        while (body < bytes.length - 1 && body < 4 && bytes[body] < 0) {
            body++;
        }
        body++;
        ByteBuf out = Unpooled.buffer(bytes.length + 4);
        out.writeByte(bytes[0]);
        VariableByteInteger.write(out, bytes.length - body);
        out.writeBytes(bytes, body, bytes.length - body);
        return ByteBufUtil.getBytes(out);
    }

    private void feed(MqttVersion version, boolean fromServer, byte[] input, boolean direct) {
        ByteBuf in = direct
                ? UnpooledByteBufAllocator.DEFAULT
                        .directBuffer(input.length, input.length)
                        .writeBytes(input)
                : Unpooled.wrappedBuffer(input);
        PacketText text = new PacketText(version);
        MqttProtocolException violation = null;
        int missing = 0;
        try {
            if (fromServer) {
                MqttClientDecoder decoder = new MqttClientDecoder(version, MAXIMUM);
                violation = decode(decoder, in, text);
                missing = decoder.missingBytes();
            } else {
                MqttDecoder decoder = new MqttDecoder(MAXIMUM);
                if (input[0] >> 4 != PacketType.CONNECT) {
                    PacketText.connected(decoder, version, text);
                    text.lines().clear();
                }
                violation = decode(decoder, in, text);
                missing = decoder.missingBytes();
            }
            check(in.refCnt() == 1, "reference count");
            judge(version, fromServer, input, in.readerIndex(), violation, missing, text.lines());
        } finally {
            in.release();
        }
    }

    private static <H extends PublishHandler> MqttProtocolException decode(FrameDecoder<H> decoder, ByteBuf in, H out) {
        try {
            decoder.decode(in, out);
            return null;
        } catch (MqttProtocolException e) {
            return e;
        }
    }

    private void judge(
            MqttVersion version,
            boolean fromServer,
            byte[] input,
            int read,
            MqttProtocolException violation,
            int missing,
            List<String> lines) {
        if (violation != null) {
            refused++;
            int type = (input[read] & 0xFF) >> 4;
            int code = violation.reasonCode();
            check(ALLOWED_CODES.get(type).contains(code), "code " + code + ": " + violation.getMessage());
            seenCodes.computeIfAbsent(type, key -> new HashSet<>()).add(code);
        } else if (read < input.length) {
            waiting++;
            check(missing > 0, "no hint");
        } else {
            accepted++;
            check(missing == 0, "a hint without a rest");
            if (lines.size() == 1 && accepted % 4 == 0) {
                MqttVersion spoken = spoken(version, input);
                ByteBuf again = Reencoder.apply(spoken, fromServer, Unpooled.wrappedBuffer(input));
                List<String> said =
                        fromServer ? PacketText.ofServer(spoken, again) : PacketText.ofClient(version, again);
                check(said.equals(lines), said + " instead of " + lines);
            }
        }
    }

    /** AssertJ costs more than the decoder, 300,000 times. */
    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    /** Damage may turn the CONNECT of one version into that of another. */
    private static MqttVersion spoken(MqttVersion version, byte[] input) {
        if (input[0] >> 4 != PacketType.CONNECT) {
            return version;
        }
        MqttDecoder decoder = new MqttDecoder(MAXIMUM);
        decoder.decode(Unpooled.wrappedBuffer(input), new PacketText(version));
        return decoder.version();
    }

    private static Set<Integer> allowedCodes(int type) {
        Set<Integer> codes = new HashSet<>(
                Set.of(ReasonCode.MALFORMED_PACKET, ReasonCode.PROTOCOL_ERROR, ReasonCode.PACKET_TOO_LARGE));
        switch (type) {
            case PacketType.CONNECT ->
                codes.addAll(Set.of(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, ReasonCode.TOPIC_NAME_INVALID));
            case PacketType.PUBLISH ->
                codes.addAll(Set.of(ReasonCode.TOPIC_NAME_INVALID, ReasonCode.TOPIC_ALIAS_INVALID));
            case PacketType.SUBSCRIBE, PacketType.UNSUBSCRIBE -> codes.add(ReasonCode.TOPIC_FILTER_INVALID);
            default -> {
                // nothing else
            }
        }
        return codes;
    }
}
