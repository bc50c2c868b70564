/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import java.nio.charset.StandardCharsets;

/** Looks into files, and changes them behind a log's back. Stateless. */
final class LogFiles {

    private LogFiles() {}

    static byte[] read(Disk disk, String path) {
        try (DiskFile file = disk.open(path)) {
            ByteBuf bytes = Unpooled.buffer();
            file.read(0, bytes, (int) file.size());
            return ByteBufUtil.getBytes(bytes);
        }
    }

    /** Where the only record with that value of one letter has it: behind its length. */
    static int indexOf(byte[] bytes, String letter) {
        byte[] record = {1, 2, (byte) letter.charAt(0), 0};
        for (int at = 0; at + record.length <= bytes.length; at++) {
            if (java.util.Arrays.equals(bytes, at, at + record.length, record, 0, record.length)) {
                return at + 2;
            }
        }
        throw new AssertionError("no record with value " + letter);
    }

    static void replace(Disk disk, String path, String text, String by) {
        String contents = new String(read(disk, path), StandardCharsets.UTF_8).replace(text, by);
        try (DiskFile file = disk.open(path)) {
            file.write(0, Unpooled.copiedBuffer(contents, StandardCharsets.UTF_8));
            file.force();
        }
    }
}
