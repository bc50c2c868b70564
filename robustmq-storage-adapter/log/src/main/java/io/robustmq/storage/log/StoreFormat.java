/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code format} of a disk: what its other files are to be read as. Immutable.
 *
 * @param storeId this disk's identity, made once: replica sets name it
 * @param walFileBytes size of a file of the write-ahead log
 */
public record StoreFormat(UUID storeId, int walFileBytes) {
    public static final int VERSION = 1;
    public static final String PATH = "format";
    private static final String ASIDE = "format.new";
    private static final String CHECKSUM = ", \"crc32c\": ";
    private static final int BYTES_MAX = 4096;

    /** Null on a disk that was never formatted; NOT_SUPPORTED for a newer one. */
    public static @Nullable StoreFormat read(Disk disk) {
        if (!disk.exists(PATH)) {
            return null;
        }
        ByteBuf bytes = Unpooled.buffer();
        try (DiskFile file = disk.open(PATH)) {
            file.read(0, bytes, BYTES_MAX);
        }
        return parse(bytes.toString(StandardCharsets.UTF_8));
    }

    static StoreFormat parse(String text) {
        int version = Integer.parseInt(field(text, "\"version\"\\s*:\\s*(\\d{1,9})"));
        if (version > VERSION) {
            throw RmqError.NOT_SUPPORTED.exception("the disk has format version " + version
                    + ", this program reads up to " + VERSION + ": use the newer one");
        }
        checkSum(text);
        String storeId = field(text, "\"storeId\"\\s*:\\s*\"([0-9a-f-]{36})\"");
        int walFileBytes = Integer.parseInt(field(text, "\"walFileBytes\"\\s*:\\s*(\\d{1,10})"));
        return new StoreFormat(UUID.fromString(storeId), walFileBytes);
    }

    /** A store id with a wrong bit would make nothing of the whole log: it names its own disk. */
    private static void checkSum(String text) {
        int at = text.indexOf(CHECKSUM);
        if (at < 0 || !text.substring(at).equals(end(text.substring(0, at)))) {
            throw RmqError.CORRUPT_DATA.exception("the file " + PATH + " is damaged, its checksum is wrong: " + text);
        }
    }

    private static String end(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%s%d}\n", CHECKSUM, crc.getValue());
    }

    private static String field(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw RmqError.CORRUPT_DATA.exception("the file " + PATH + " is no format of a disk: " + text);
        }
        return matcher.group(1);
    }

    static StoreFormat create(Disk disk, RandomSource random, int walFileBytes) {
        StoreFormat format = new StoreFormat(new UUID(random.nextLong(), random.nextLong()), walFileBytes);
        format.write(disk);
        return format;
    }

    private void write(Disk disk) {
        String text = String.format(
                Locale.ROOT,
                "{\"version\": %d, \"storeId\": \"%s\", \"walFileBytes\": %d",
                VERSION,
                storeId,
                walFileBytes);
        text += end(text);
        if (disk.exists(ASIDE)) {
            disk.delete(ASIDE);
        }
        try (DiskFile file = disk.create(ASIDE, 0)) {
            file.write(0, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
            file.force();
        }
        disk.rename(ASIDE, PATH);
    }

    /** What headers of the write-ahead log say of it. */
    public int shortId() {
        return Long.hashCode(storeId.getMostSignificantBits() * 31 + storeId.getLeastSignificantBits());
    }
}
