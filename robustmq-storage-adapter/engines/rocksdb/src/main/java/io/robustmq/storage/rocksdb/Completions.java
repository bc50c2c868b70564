/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the outcomes of a group home: one task for each loop, however many outcomes it gets. Confined to the writer. */
final class Completions {
    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    /** A node has few loops, so they are looked through rather than hashed. */
    private final List<Home> homes = new ArrayList<>();

    /** What one loop gets, in the order of the calls. */
    private static final class Home implements Runnable {
        private final @Nullable Loop loop;
        private final List<Op> ops = new ArrayList<>();

        Home(@Nullable Loop loop) {
            this.loop = loop;
        }

        @Override
        public void run() {
            for (Op op : ops) {
                try {
                    op.complete();
                } catch (RuntimeException e) {
                    // Somebody's callback is at fault; those behind it still get their answers.
                    LOG.warn("a callback threw", e);
                }
            }
        }
    }

    void add(Op op) {
        for (Home home : homes) {
            if (home.loop == op.loop()) {
                home.ops.add(op);
                return;
            }
        }
        Home home = new Home(op.loop());
        home.ops.add(op);
        homes.add(home);
    }

    void send() {
        for (Home home : homes) {
            try {
                if (home.loop == null) {
                    home.run();
                } else {
                    home.loop.execute(home);
                }
            } catch (RmqException e) {
                LOG.debug("{} answers have nowhere to go", home.ops.size(), e);
            }
        }
        homes.clear();
    }
}
