/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.LogStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who owns one shard now; outlives the stores through which it is written. Thread-safe: everything takes its lock, which only
 * the owner's loop takes often.
 */
final class FileShard {
    private final ShardId id;
    private @Nullable FileStore current;
    private int highestEpoch = -1;
    private @Nullable CompletableFuture<Located> located;
    private CompletableFuture<Void> lastDestroyed = CompletableFuture.completedFuture(null);
    private int users;
    /** How often it was destroyed: what began before knows a stream that is going. */
    private int incarnation;

    /** Where it lies. Immutable. */
    record Located(LogDisk disk, LogStream stream) {}

    FileShard(ShardId id) {
        this.id = id;
    }

    ShardId id() {
        return id;
    }

    // --- who uses this object: it is forgotten when nobody does

    /** Answers which incarnation the user means. */
    synchronized int enter() {
        users++;
        return incarnation;
    }

    /** Answers whether nobody is left. */
    synchronized boolean leave() {
        return --users == 0 && current == null && located == null && lastDestroyed.isDone();
    }

    // --- opening

    /** Fences what lower epochs have opened; throws FENCED when the epoch itself is over, CLOSED behind a destruction. */
    synchronized void claim(int meant, int epoch, int fence) {
        checkThere(meant);
        highestEpoch = Math.max(highestEpoch, fence);
        if (epoch < highestEpoch) {
            throw RmqError.FENCED.exception("epoch " + epoch + " is over, the shard has seen " + highestEpoch);
        }
        if (epoch == highestEpoch && current != null) {
            // Two owners under one epoch could both acknowledge (I2).
            throw RmqError.FENCED.exception("epoch " + highestEpoch + " is open already");
        }
        highestEpoch = epoch;
        current = null;
    }

    /** The epoch is durable; throws FENCED when another one was faster. */
    synchronized void opened(int meant, FileStore store) {
        claim(meant, store.epoch(), -1);
        current = store;
    }

    /** Its epoch must not fence those of the next incarnation, and its stream not take the place of theirs. */
    private void checkThere(int meant) {
        if (meant != incarnation) {
            throw RmqError.CLOSED.exception("shard " + id + " was destroyed while it was opened");
        }
    }

    synchronized void close(FileStore store) {
        if (current == store) {
            current = null;
        }
    }

    /** Of the store, with {@link #appending}, or the failure that it has become. */
    synchronized void check(FileStore store) {
        if (store.isClosed()) {
            throw RmqError.CLOSED.exception("the store is closed");
        }
        if (current != store) {
            throw RmqError.FENCED.exception(
                    "epoch " + store.epoch() + " was fenced by epoch " + highestEpoch + "; drop the shard");
        }
    }

    /** No higher epoch opens while the append is on its way into the queue behind which that one waits. */
    synchronized void appending(FileStore store, Runnable append) {
        check(store);
        append.run();
    }

    // --- where it lies

    /** Null when nobody looks for it or has found it. */
    synchronized @Nullable CompletableFuture<Located> located() {
        return located;
    }

    /** Where it lies or will lie; the search, if it becomes the shard's. Throws CLOSED behind a destruction. */
    synchronized CompletableFuture<Located> located(int meant, CompletableFuture<Located> search) {
        checkThere(meant);
        if (located == null) {
            located = search;
        }
        return located;
    }

    /** The search came to nothing. */
    synchronized void lost(CompletableFuture<Located> search) {
        if (located == search) {
            located = null;
        }
    }

    // --- destroying

    /** Closes what is open; the next owner starts from nothing, behind the outcome. */
    synchronized CompletableFuture<Void> beginDestroy() {
        if (current != null) {
            current.markClosed();
            current = null;
        }
        highestEpoch = -1;
        incarnation++;
        located = null;
        lastDestroyed = new CompletableFuture<>();
        return lastDestroyed;
    }

    synchronized CompletableFuture<Void> lastDestroyed() {
        return lastDestroyed;
    }

    synchronized void closeCurrent() {
        if (current != null) {
            current.markClosed();
            current = null;
        }
    }
}
