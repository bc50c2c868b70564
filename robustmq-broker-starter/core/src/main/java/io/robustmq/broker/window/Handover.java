/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Loop;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.Target;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one run has for members of another loop; it crosses whole. Filled on the window's loop, then read on the other one.
 */
final class Handover {
    private static final int FIRST_CAPACITY = 16;

    private final Loop loop;
    private Link[] links = new Link[FIRST_CAPACITY];
    private @Nullable WindowEntry[] entries = new WindowEntry[FIRST_CAPACITY];
    private int[] froms = new int[FIRST_CAPACITY];
    private int[] tos = new int[FIRST_CAPACITY];
    private int count;

    Handover(Loop loop) {
        this.loop = loop;
    }

    /** @param entry null for messages that are not acknowledged */
    void add(Link link, @Nullable WindowEntry entry, int from, int to) {
        if (count == links.length) {
            int capacity = count * 2;
            links = Arrays.copyOf(links, capacity);
            entries = Arrays.copyOf(entries, capacity);
            froms = Arrays.copyOf(froms, capacity);
            tos = Arrays.copyOf(tos, capacity);
        }
        links[count] = link;
        entries[count] = entry;
        froms[count] = from;
        tos[count++] = to;
    }

    void send(PublishRun run, Target group) {
        run.retain();
        loop.execute(() -> {
            for (int i = 0; i < count; i++) {
                WindowEntry entry = entries[i];
                if (entry == null) {
                    links[i].take(run, froms[i], tos[i], group);
                } else {
                    links[i].take(entry, run, froms[i], group);
                }
            }
            run.release();
        });
    }
}
