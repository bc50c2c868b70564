/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import org.jspecify.annotations.Nullable;

/** Who reads nothing for long would keep files and memory for ever. Confined to the connection's loop. */
final class StallWatch {
    private final Channel channel;
    private final Loop loop;
    private final long millisMax;
    private final Runnable stalled;
    private @Nullable Cancellable timer;
    private Progress unsent = new Progress(null, 0, 0);

    /** See {@link #outbound}; buffers are compared by their identity, not by their bytes. */
    private record Progress(@Nullable Object part, long progress, int parts) {
        boolean isSame(Progress other) {
            return part == other.part && progress == other.progress && parts == other.parts;
        }
    }

    /** @param stalled called when nothing of what is there has been sent for that long */
    StallWatch(Channel channel, Loop loop, long millisMax, Runnable stalled) {
        this.channel = channel;
        this.loop = loop;
        this.millisMax = millisMax;
        this.stalled = stalled;
    }

    /** After a flush. */
    void watch() {
        if (timer == null && hasUnsent()) {
            unsent = outbound();
            timer = loop.schedule(millisMax, this::look);
        }
    }

    private void look() {
        timer = null;
        if (!hasUnsent()) {
            return;
        }
        Progress now = outbound();
        if (now.isSame(unsent)) {
            stalled.run();
            return;
        }
        unsent = now;
        timer = loop.schedule(millisMax, this::look);
    }

    private boolean hasUnsent() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound != null && !outbound.isEmpty();
    }

    /** What is being sent, and how far. */
    private Progress outbound() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null
                ? new Progress(null, 0, 0)
                : new Progress(outbound.current(), outbound.currentProgress(), outbound.size());
    }

    /** The connection is gone. */
    void cancel() {
        Cancellable waiting = timer;
        if (waiting != null) {
            waiting.cancel();
        }
    }
}
