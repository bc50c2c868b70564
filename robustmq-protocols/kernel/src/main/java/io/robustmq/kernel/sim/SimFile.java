/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The contents of a simulated file: what programs see, what the medium holds, and the writes between the two. Confined to
 * the thread of the simulation.
 */
final class SimFile {
    private static final int SECTOR_BYTES = 512;

    private final Image seen;
    private final Image durable;
    private final List<Change> unforced = new ArrayList<>();

    SimFile(int size) {
        seen = new Image(size);
        durable = new Image(size);
    }

    /** Something that happened to the file since the last force. */
    private sealed interface Change {}

    private record Write(int position, byte[] bytes) implements Change {}

    private record Truncate(int size) implements Change {}

    private static final class Image {
        private byte[] bytes;
        private int size;

        Image(int size) {
            this.bytes = new byte[size];
            this.size = size;
        }

        void write(int position, byte[] source, int offset, int length) {
            int end = Math.addExact(position, length);
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            System.arraycopy(source, offset, bytes, position, length);
            size = Math.max(size, end);
        }

        void truncate(int newSize) {
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
                size = newSize;
            }
        }
    }

    int size() {
        return seen.size;
    }

    byte[] bytes() {
        return seen.bytes;
    }

    void write(long position, byte[] bytes) {
        int at = Math.toIntExact(position);
        seen.write(at, bytes, 0, bytes.length);
        unforced.add(new Write(at, bytes));
    }

    /** Durable at once. What the range holds already is written out before, as the page cache does. */
    void writeThrough(long position, byte[] bytes) {
        writeOut(position, bytes.length);
        int at = Math.toIntExact(position);
        seen.write(at, bytes, 0, bytes.length);
        durable.write(at, bytes, 0, bytes.length);
    }

    /** The device failed in the middle: the program sees the bytes, the medium holds some of the sectors. */
    void failWriteThrough(long position, byte[] bytes, SimRandom random) {
        writeOut(position, bytes.length);
        int at = Math.toIntExact(position);
        seen.write(at, bytes, 0, bytes.length);
        tear(new Write(at, bytes), random);
    }

    private void writeOut(long position, int length) {
        boolean overlaps = unforced.stream()
                .anyMatch(change -> !(change instanceof Write write)
                        || (write.position < position + length && position < write.position + write.bytes.length));
        if (overlaps) {
            force();
        }
    }

    void truncate(long size) {
        if (size < seen.size) {
            seen.truncate(Math.toIntExact(size));
            unforced.add(new Truncate(Math.toIntExact(size)));
        }
    }

    void force() {
        unforced.forEach(this::makeDurable);
        unforced.clear();
    }

    /** As Linux does: the pages count as clean although they were not written, so that the next force has nothing to do. */
    void failForce() {
        unforced.clear();
    }

    private void makeDurable(Change change) {
        if (change instanceof Write write) {
            durable.write(write.position, write.bytes, 0, write.bytes.length);
        } else if (change instanceof Truncate truncate) {
            durable.truncate(truncate.size);
        }
    }

    void crash(SimRandom random) {
        for (Change change : unforced) {
            switch (random.nextInt(3)) {
                case 0 -> makeDurable(change);
                case 1 -> tear(change, random);
                default -> {
                    // It never left the page cache.
                }
            }
        }
        unforced.clear();
        seen.truncate(0);
        seen.write(0, durable.bytes, 0, durable.size);
    }

    private void tear(Change change, SimRandom random) {
        if (change instanceof Write write) {
            int from = 0;
            while (from < write.bytes.length) {
                // Sectors are those of the disk, not of the write.
                int to = Math.min(write.bytes.length, from + SECTOR_BYTES - (write.position + from) % SECTOR_BYTES);
                if (random.nextInt(2) == 0) {
                    durable.write(write.position + from, write.bytes, from, to - from);
                }
                from = to;
            }
        }
    }

    void rot(long position, int bit) {
        int at = Math.toIntExact(position);
        seen.bytes[at] ^= (byte) (1 << bit);
        if (at < durable.size) {
            durable.bytes[at] ^= (byte) (1 << bit);
        }
    }
}
