/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where an index keeps its blocks: the shard's derived state, which is reached on the owner's loop only. Called on the index's
 * loop, and calls back there.
 */
final class BlockStore {
    private final ShardStore store;
    private final Loop owner;
    private final Loop loop;
    private final PartCache cache;

    BlockStore(ShardStore store, Loop owner, Loop loop, PartCache cache) {
        this.store = store;
        this.owner = owner;
        this.loop = loop;
        this.cache = cache;
    }

    /** What an index begins with. */
    interface Opened {
        void opened(
                @Nullable ShardStats stats,
                byte[] manifest,
                @Nullable Cancellable following,
                @Nullable Throwable failure);
    }

    /** Completion of a load; the part is null when it is missing or damaged. */
    interface Loaded {
        void loaded(@Nullable Object part);
    }

    /** Listens before it looks, so that nothing that is committed in between is missed. */
    void open(LongConsumer watermarkListener, Opened done) {
        owner.execute(() -> {
            try {
                Cancellable following = store.onHighWatermark(loop, watermarkListener);
                ShardStats stats = store.stats();
                store.getState(IndexManifest.STATE_NAME).whenComplete((state, failure) -> {
                    byte[] manifest = state == null ? new byte[0] : bytesOf(state);
                    loop.execute(() -> done.opened(stats, manifest, following, failure));
                });
            } catch (RuntimeException e) {
                loop.execute(() -> done.opened(null, new byte[0], null, e));
            }
        });
    }

    void unfollow(Cancellable following) {
        owner.execute(following::cancel);
    }

    void stats(Consumer<@Nullable ShardStats> done) {
        owner.execute(() -> {
            ShardStats stats = null;
            try {
                stats = store.stats();
            } catch (RmqException gone) {
                // Told as null.
            }
            ShardStats found = stats;
            loop.execute(() -> done.accept(found));
        });
    }

    private static byte[] bytesOf(StateSnapshot state) {
        ByteBuf owned = state.owned();
        try {
            return ByteBufUtil.getBytes(owned);
        } finally {
            owned.release();
        }
    }

    /** Calls back before it returns when the part is in memory. */
    void load(IndexBlock block, BlockPart part, Loaded done) {
        Object known = cache.get(block, part);
        if (known != null) {
            done.loaded(known);
            return;
        }
        byte[] unstored = block.unstored(part);
        if (unstored != null) {
            done.loaded(decoded(block, part, unstored));
            return;
        }
        owner.execute(() -> {
            try {
                store.getState(part.stateName(block.slot)).whenComplete((state, failure) -> {
                    if (state == null) {
                        loop.execute(() -> done.loaded(null));
                    } else {
                        loop.execute(() -> done.loaded(decoded(block, part, bytesOf(state))));
                    }
                });
            } catch (RuntimeException e) {
                loop.execute(() -> done.loaded(null));
            }
        });
    }

    private @Nullable Object decoded(IndexBlock block, BlockPart part, byte[] bytes) {
        if (!block.isIntact(part, bytes)) {
            return null;
        }
        try {
            Object value = block.decode(part, bytes);
            cache.put(block, part, value, bytes.length);
            return value;
        } catch (RmqException damaged) {
            return null;
        }
    }

    void put(IndexBlock block, Consumer<@Nullable Throwable> done) {
        byte[][] parts = new byte[BlockPart.values().length][];
        for (BlockPart part : BlockPart.values()) {
            byte[] bytes = block.unstored(part);
            parts[part.ordinal()] = bytes == null ? new byte[0] : bytes;
        }
        owner.execute(() -> {
            CompletionStage<Void> stored = CompletableFuture.completedFuture(null);
            for (BlockPart part : BlockPart.values()) {
                stored = stored.thenCompose(v -> put(part.stateName(block.slot), block.to, parts[part.ordinal()]));
            }
            stored.whenComplete((v, failure) -> loop.execute(() -> done.accept(failure)));
        });
    }

    void put(IndexManifest manifest, long offset, Consumer<@Nullable Throwable> done) {
        byte[] bytes = manifest.encode();
        owner.execute(() -> put(IndexManifest.STATE_NAME, offset, bytes)
                .whenComplete((v, failure) -> loop.execute(() -> done.accept(failure))));
    }

    /** Gives the room of a slot back; what cannot be given back now is written over when the slot is used again. */
    void clear(IndexBlock block) {
        cache.remove(block);
        owner.execute(() -> {
            for (BlockPart part : BlockPart.values()) {
                put(part.stateName(block.slot), block.to, new byte[0]);
            }
        });
    }

    void forget(IndexBlock block) {
        cache.remove(block);
    }

    /** On the owner's loop. */
    private CompletionStage<Void> put(String name, long offset, byte[] bytes) {
        try {
            return store.putState(name, offset, Unpooled.wrappedBuffer(bytes));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
