/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The open files of a disk: no more than a limit, of which those go first that were not used lately and never one in use.
 * When all are in use it is passed, and comes back below when some are given back. Thread-safe.
 */
public final class FileHandles {
    private final Disk disk;
    private final int openMax;
    /** Open handles in the order in which they are looked at; guarded by itself. */
    private final ArrayDeque<Handle> open = new ArrayDeque<>();

    private final LongAdder opened = new LongAdder();
    private final LongAdder evicted = new LongAdder();

    public FileHandles(Disk disk, int openMax) {
        if (openMax < 1) {
            throw RmqError.INVALID_CONFIG.exception("at least 1 file must be allowed to be open, not " + openMax);
        }
        this.disk = disk;
        this.openMax = openMax;
    }

    /** Of files that are open now. */
    public int openFiles() {
        synchronized (open) {
            return open.size();
        }
    }

    /** How often a file was opened. */
    public long opened() {
        return opened.sum();
    }

    /** How often one was closed to make room. */
    public long evicted() {
        return evicted.sum();
    }

    /** A file by name; not opened until it is used. */
    Handle handle(String path) {
        return new Handle(path);
    }

    private void admit(Handle handle) {
        opened.increment();
        List<Handle> victims = List.of();
        synchronized (open) {
            open.addLast(handle);
            if (open.size() > openMax) {
                victims = choose();
            }
        }
        for (Handle victim : victims) {
            evicted.increment();
            victim.closeFile();
        }
    }

    /** Takes surplus handles out, each at its second look at the latest; none that is in use. */
    private List<Handle> choose() {
        List<Handle> victims = new ArrayList<>();
        for (int looks = 2 * open.size(); looks > 0 && open.size() > openMax; looks--) {
            Handle candidate = open.removeFirst();
            if (!candidate.recent && candidate.users.compareAndSet(0, Handle.CLOSED)) {
                victims.add(candidate);
            } else {
                candidate.recent = false;
                open.addLast(candidate);
            }
        }
        return victims;
    }

    private void forget(Handle handle) {
        synchronized (open) {
            open.remove(handle);
        }
    }

    /** One file, opened when somebody needs it. Thread-safe. */
    final class Handle {
        private static final int CLOSED = -1;

        private final AtomicInteger users = new AtomicInteger(CLOSED);
        private volatile String path;
        private volatile boolean recent;
        private volatile @Nullable DiskFile file;
        private boolean gone;

        private Handle(String path) {
            this.path = path;
        }

        String path() {
            return path;
        }

        /** The file, not closed before {@link #release}. NOT_FOUND when there is none, CLOSED when it was given up. */
        DiskFile acquire() {
            if (!recent) {
                recent = true;
            }
            int now = users.get();
            while (now != CLOSED) {
                if (users.compareAndSet(now, now + 1)) {
                    return opened();
                }
                now = users.get();
            }
            return openFor(null);
        }

        /** Makes the file and acquires it; with what is in it when it is there already. */
        DiskFile create() {
            return openFor(disk.exists(path) ? disk.open(path) : disk.createUnforced(path));
        }

        private DiskFile openFor(@Nullable DiskFile created) {
            synchronized (this) {
                if (gone) {
                    if (created != null) {
                        created.close();
                    }
                    throw RmqError.CLOSED.exception("the file has been deleted: " + path);
                }
                if (users.get() != CLOSED) {
                    users.incrementAndGet();
                    if (created != null) {
                        created.close();
                    }
                    return opened();
                }
                DiskFile old = file;
                if (old != null) {
                    // Evicted a moment ago; whoever evicted it finds nothing left to close.
                    file = null;
                    old.close();
                }
                file = created == null ? disk.open(path) : created;
                users.set(1);
            }
            admit(this);
            return opened();
        }

        private DiskFile opened() {
            return java.util.Objects.requireNonNull(file);
        }

        void release() {
            users.decrementAndGet();
        }

        /** The file has another name from now on. */
        void renamed(String newPath) {
            path = newPath;
        }

        private synchronized void closeFile() {
            DiskFile old = file;
            if (users.get() == CLOSED && old != null) {
                file = null;
                old.close();
            }
        }

        /** Closes the file for good; nobody uses it any more. */
        void giveUp() {
            synchronized (this) {
                gone = true;
            }
            if (users.compareAndSet(0, CLOSED)) {
                forget(this);
            }
            closeFile();
        }
    }
}
