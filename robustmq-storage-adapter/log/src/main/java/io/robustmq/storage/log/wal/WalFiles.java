/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeSet;

/**
 * The files of one write-ahead log: number n holds the positions from n times the size. They are allocated once and used
 * again: a file never grows under a synced write. Thread-safe: the writer takes files while the checkpoint retires some.
 */
public final class WalFiles {
    private static final String DIRECTORY = "wal";
    private static final String SUFFIX = ".wal";
    private static final String SPARE_PREFIX = "spare-";
    private static final int DIGITS = 16;

    private final Disk disk;
    private final long fileBytes;
    private final int maxSpares;
    private final TreeSet<Long> numbers = new TreeSet<>();
    private final Deque<String> spares = new ArrayDeque<>();
    private long spareNumber;

    /**
     * Finds what is there; makes nothing.
     *
     * @param maxSpares retired files kept for use; others are deleted
     */
    public WalFiles(Disk disk, long fileBytes, int maxSpares) {
        if (fileBytes < 4L * WalFormat.PAGE_BYTES || fileBytes % WalFormat.PAGE_BYTES != 0 || fileBytes > 1 << 30) {
            throw RmqError.INVALID_CONFIG.exception(
                    "a file of the write-ahead log has whole pages, from 16 KiB to 1 GiB, not " + fileBytes + " bytes");
        }
        this.disk = disk;
        this.fileBytes = fileBytes;
        this.maxSpares = maxSpares;
        if (disk.exists(DIRECTORY)) {
            disk.list(DIRECTORY).forEach(this::found);
        }
    }

    private void found(String name) {
        if (name.startsWith(SPARE_PREFIX)) {
            spareNumber = Math.max(spareNumber, Long.parseLong(digits(name.substring(SPARE_PREFIX.length()))) + 1);
            spares.add(DIRECTORY + "/" + name);
        } else if (name.endsWith(SUFFIX)) {
            numbers.add(Long.parseLong(digits(name)));
        }
    }

    private static String digits(String name) {
        String digits = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        if (digits.isEmpty() || !digits.chars().allMatch(Character::isDigit)) {
            throw RmqError.CORRUPT_DATA.exception("no file of a write-ahead log: " + DIRECTORY + "/" + name);
        }
        return digits;
    }

    public long fileBytes() {
        return fileBytes;
    }

    public static String path(long number) {
        String digits = Long.toString(number);
        return DIRECTORY + "/" + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits + SUFFIX;
    }

    public synchronized boolean exists(long number) {
        return numbers.contains(number);
    }

    /** The highest number there is; -1 without files. */
    public synchronized long last() {
        return numbers.isEmpty() ? -1 : numbers.last();
    }

    /** The lowest number there is; -1 without files. */
    public synchronized long first() {
        return numbers.isEmpty() ? -1 : numbers.first();
    }

    public synchronized int count() {
        return numbers.size();
    }

    /** Bytes on the disk, spare files included. */
    public synchronized long bytes() {
        return (numbers.size() + spares.size()) * fileBytes;
    }

    public DiskFile open(long number) {
        return disk.open(path(number));
    }

    /** Makes durable what stands between the positions. */
    public void force(long from, long to) {
        for (long number = from / fileBytes; number * fileBytes < to; number++) {
            if (exists(number)) {
                try (DiskFile file = open(number)) {
                    file.force();
                }
            }
        }
    }

    /** The file of that number, which is made if it is not there: from a spare one, or allocated now. */
    synchronized DiskFile openForWriting(long number) {
        if (!numbers.contains(number)) {
            disk.createDirectory(DIRECTORY);
            if (spares.isEmpty()) {
                spares.add(makeSpare());
            }
            disk.rename(spares.element(), path(number));
            spares.remove();
            numbers.add(number);
        }
        return open(number);
    }

    private String makeSpare() {
        String path = DIRECTORY + "/" + SPARE_PREFIX + spareNumber++ + SUFFIX;
        if (disk.exists(path)) {
            disk.delete(path);
        }
        disk.create(path, fileBytes).close();
        return path;
    }

    /** Has one file ready, so that the writer need not allocate it in the way of those who wait. */
    public void prepareSpare() {
        String made;
        synchronized (this) {
            if (!spares.isEmpty()) {
                return;
            }
            disk.createDirectory(DIRECTORY);
            made = DIRECTORY + "/" + SPARE_PREFIX + spareNumber++ + SUFFIX;
        }
        if (disk.exists(made)) {
            disk.delete(made);
        }
        disk.create(made, fileBytes).close();
        synchronized (this) {
            spares.add(made);
        }
    }

    /** Files all of whose positions lie below are no longer needed; answers how many were taken away. */
    public synchronized int retireBelow(long position) {
        int retired = 0;
        while (!numbers.isEmpty() && (numbers.first() + 1) * fileBytes <= position) {
            long number = numbers.first();
            if (spares.size() < maxSpares) {
                String spare = DIRECTORY + "/" + SPARE_PREFIX + spareNumber++ + SUFFIX;
                disk.rename(path(number), spare);
                spares.add(spare);
            } else {
                disk.delete(path(number));
            }
            numbers.remove(number);
            retired++;
        }
        return retired;
    }
}
