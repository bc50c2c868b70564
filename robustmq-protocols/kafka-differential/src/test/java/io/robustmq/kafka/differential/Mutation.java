/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damaged requests, made from the corpus: the same for the same seed. Confined to one thread. */
final class Mutation {
    private static final int[] LENGTHS = {-1, 0, 1, 0x7F, 0xFFFF, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE};
    private static final int LENGTH_BYTES = 4;
    private static final int HEADER_BYTES = 8;

    private final Random random;

    Mutation(long seed) {
        random = new Random(seed);
    }

    /** What goes over the wire, with its length in front, be it true or not. */
    byte[] bytes() {
        byte[] frame = frame();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && frame.length > HEADER_BYTES; i++) {
            frame = changed(frame);
        }
        int length = frame.length;
        if (random.nextInt(20) == 0) {
            length = random.nextBoolean() ? LENGTHS[random.nextInt(LENGTHS.length)] : length + random.nextInt(100);
        }
        return ByteBuffer.allocate(LENGTH_BYTES + frame.length)
                .putInt(length)
                .put(frame)
                .array();
    }

    /** Whether the rest of the request never comes. */
    boolean isHalf() {
        return random.nextInt(15) == 0;
    }

    private byte[] frame() {
        Family family = Corpus.FAMILIES.get(random.nextInt(Corpus.FAMILIES.size()));
        List<Step> steps = family.sequence(random.nextInt(family.sequences()));
        return steps.get(random.nextInt(steps.size())).frame().clone();
    }

    private byte[] changed(byte[] frame) {
        int at = HEADER_BYTES + random.nextInt(frame.length - HEADER_BYTES);
        switch (random.nextInt(6)) {
            case 0 -> frame[at] = (byte) random.nextInt();
            case 1 -> frame[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> {
                if (at + LENGTH_BYTES <= frame.length) {
                    ByteBuffer.wrap(frame).putInt(at, LENGTHS[random.nextInt(LENGTHS.length)]);
                }
            }
            case 3 -> {
                return Arrays.copyOf(frame, at);
            }
            case 4 -> {
                byte[] other = frame();
                int from = random.nextInt(other.length);
                byte[] joined = Arrays.copyOf(frame, at + other.length - from);
                System.arraycopy(other, from, joined, at, other.length - from);
                return joined;
            }
            default -> Arrays.fill(frame, at, Math.min(frame.length, at + random.nextInt(9)), (byte) 0xFF);
        }
        return frame;
    }
}
