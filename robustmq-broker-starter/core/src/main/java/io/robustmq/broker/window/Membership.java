/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.WindowDelivery;
import io.robustmq.protocol.WindowMember;
import io.robustmq.protocol.WindowMembership;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A member as its window and its protocol share it. Confined to the member's loop, but for the count of what is under way. */
final class Membership implements WindowMembership {
    private final Window window;
    private final WindowMember member;
    private final AtomicInteger underWay = new AtomicInteger();
    private @Nullable Link link;

    Membership(Window window, WindowMember member) {
        this.window = window;
        this.member = member;
    }

    Window window() {
        return window;
    }

    WindowMember member() {
        return member;
    }

    /** From any loop. */
    int underWay() {
        return underWay.get();
    }

    void given() {
        underWay.incrementAndGet();
    }

    void done() {
        underWay.decrementAndGet();
        window.roomMade();
    }

    @Override
    public void open(Loop loop, int credit) {
        close();
        Link opened = new Link(this, loop, credit);
        link = opened;
        window.post(() -> window.opened(opened));
    }

    @Override
    public void close() {
        Link open = link;
        if (open != null) {
            link = null;
            open.close();
            window.post(() -> window.closed(open));
        }
    }

    @Override
    public void pause() {
        Link open = link;
        if (open != null) {
            open.pause(true);
        }
    }

    @Override
    public void resume() {
        Link open = link;
        if (open != null && open.isPaused()) {
            open.pause(false);
            window.roomMade();
        }
    }

    @Override
    public void giveBack(List<WindowDelivery> deliveries) {
        underWay.addAndGet(-deliveries.size());
        List<WindowEntry> entries = new ArrayList<>(deliveries.size());
        deliveries.forEach(delivery -> entries.add((WindowEntry) delivery));
        window.post(() -> window.returned(entries));
    }

    @Override
    public CompletionStage<Cancellable> keep() {
        return window.keep();
    }

    @Override
    public WindowDelivery takeUp(ShardId shard, long offset) {
        WindowEntry entry = new WindowEntry(2, false, 0, 0);
        entry.at(shard, offset);
        entry.give(this);
        underWay.incrementAndGet();
        String name = member.name();
        window.post(() -> window.takenUp(name, shard, offset));
        return entry;
    }

    @Override
    public void leave() {
        close();
        window.leave(this);
    }
}
