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

/** A device took long to keep what it was given. Confined to the thread that waits. */
@Name("io.robustmq.SlowForce")
@Label("Slow Force")
@Description("A device took long to make written bytes durable")
@Category("RobustMQ")
@Threshold("20 ms")
@StackTrace(false)
public final class SlowForce extends Event {
    @Label("File")
    @Nullable
    String file;

    /** One that has begun. */
    public static SlowForce started() {
        SlowForce event = new SlowForce();
        event.begin();
        return event;
    }

    /** Ends it and keeps it if it was slow. */
    public void commit(String path) {
        end();
        if (shouldCommit()) {
            file = path;
            commit();
        }
    }
}
