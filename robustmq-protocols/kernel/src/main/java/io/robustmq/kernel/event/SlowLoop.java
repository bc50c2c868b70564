/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A loop was held by one task. Begun by whoever watches the loop and ended by the loop; confined to one at a time. */
@Name("io.robustmq.SlowLoop")
@Label("Slow Loop")
@Description("A loop that serves connections and shards was held by one task for longer than robustmq.net.slow-task")
@Category("RobustMQ")
@Threshold("10 ms")
@StackTrace(false)
public final class SlowLoop extends Event {
    @Label("Loop")
    @Nullable
    String loop;

    @Label("Task")
    @Description("The innermost frame of ours when it was looked at")
    @Nullable
    String task;

    /** Ends it and keeps it. */
    public void commit(String heldLoop, String culprit) {
        end();
        if (shouldCommit()) {
            loop = heldLoop;
            task = culprit;
            commit();
        }
    }
}
