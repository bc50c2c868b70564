/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.RmqException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks a shard has: the derived state that makes the others valid. Immutable.
 *
 * @param seed of the hashes in all blocks
 * @param blocks in rising order
 */
record IndexManifest(long seed, List<IndexBlock> blocks) {
    static final String STATE_NAME = "subject-index";
    private static final int FORMAT = 1;
    private static final int CHECKSUM_BYTES = 4;

    byte[] encode() {
        PartWriter out = new PartWriter(64 + blocks.size() * 64);
        out.putByte(FORMAT).putLong(seed).putVar(blocks.size());
        for (IndexBlock block : blocks) {
            out.putLong(block.from).putLong(block.to).putInt(block.epoch).putVar(block.slot);
            out.putLong(block.records).putVar(block.subjects);
            for (int part = 0; part < block.sizes.length; part++) {
                out.putVar(block.sizes[part]).putInt(block.checksums[part]);
            }
        }
        byte[] body = out.toBytes();
        return out.putInt(IndexBlock.checksum(body)).toBytes();
    }

    /** Null when there is none, it is damaged, or of a format that is not known: then everything is indexed anew. */
    static @Nullable IndexManifest decode(byte[] bytes) {
        int length = bytes.length - CHECKSUM_BYTES;
        if (length < 0
                || new PartReader(bytes, length).readInt() != IndexBlock.checksum(Arrays.copyOf(bytes, length))) {
            return null;
        }
        try {
            PartReader in = new PartReader(bytes, 0);
            return in.readByte() == FORMAT ? decodeBody(in, bytes.length) : null;
        } catch (RmqException damaged) {
            return null;
        }
    }

    private static IndexManifest decodeBody(PartReader in, int blocksMax) {
        long seed = in.readLong();
        int count = in.readVarUpTo(blocksMax);
        List<IndexBlock> blocks = new ArrayList<>();
        int parts = BlockPart.values().length;
        for (int i = 0; i < count; i++) {
            long from = in.readLong();
            long to = in.readLong();
            int epoch = in.readInt();
            int slot = in.readVarUpTo(Integer.MAX_VALUE);
            long records = in.readLong();
            int subjects = in.readVarUpTo(Integer.MAX_VALUE);
            int[] sizes = new int[parts];
            int[] checksums = new int[parts];
            for (int part = 0; part < parts; part++) {
                sizes[part] = in.readVarUpTo(Integer.MAX_VALUE);
                checksums[part] = in.readInt();
            }
            if (from < 0 || to <= from || !blocks.isEmpty() && from < blocks.get(i - 1).to) {
                throw PartReader.corrupt("blocks that overlap");
            }
            blocks.add(new IndexBlock(from, to, epoch, slot, records, subjects, sizes, checksums));
        }
        return new IndexManifest(seed, blocks);
    }
}
