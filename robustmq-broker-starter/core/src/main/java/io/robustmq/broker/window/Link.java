/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Loop;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.Target;
import java.util.List;

/**
 * One time that a member was online. It is open and closed on its loop, so that what arrives behind the close goes back; the
 * window chooses it by what it last said of its room.
 */
final class Link {
    final Membership membership;
    final Loop loop;
    final int credit;
    /** Taken when it opened: a new subscription opens a new link. */
    final int maxQos;

    private boolean open = true;
    private volatile boolean paused;

    Link(Membership membership, Loop loop, int credit) {
        this.membership = membership;
        this.loop = loop;
        this.credit = credit;
        this.maxQos = membership.member().maxQos();
    }

    /** On the window's loop: whether the member has room, as far as is known here. */
    boolean takes(int publishedQos) {
        return !paused && (publishedQos == 0 || maxQos == 0 || membership.underWay() < credit);
    }

    void pause(boolean on) {
        paused = on;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isOpen() {
        return open;
    }

    void close() {
        assert loop.inLoop();
        open = false;
    }

    /** On its loop. */
    void take(PublishRun run, int from, int to, Target group) {
        if (open) {
            membership.member().take(run, from, to, group);
        } else {
            membership.window().dropped(to - from);
        }
    }

    /** On its loop. */
    void take(WindowEntry entry, PublishRun run, int i, Target group) {
        entry.message(run.store(i));
        if (open) {
            membership.member().take(entry, run, i, group);
        } else {
            membership.giveBack(List.of(entry));
        }
    }

    /** On its loop. */
    void take(WindowEntry entry) {
        if (open) {
            membership.member().take(entry);
        } else {
            membership.giveBack(List.of(entry));
        }
    }
}
