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

/** Committed entries of a raft group took long to become its state. Confined to the group's apply thread. */
@Name("io.robustmq.SlowApply")
@Label("Slow Apply")
@Description("Committed entries of a raft group took long to become its state")
@Category("RobustMQ")
@Threshold("50 ms")
@StackTrace(false)
public final class SlowApply extends Event {
    @Label("Group")
    @Nullable
    String group;

    @Label("Entries")
    int entries;

    /** One that has begun. */
    public static SlowApply started() {
        SlowApply event = new SlowApply();
        event.begin();
        return event;
    }

    /** Ends it and keeps it if it was slow. */
    public void commit(String raftGroup, int count) {
        end();
        if (shouldCommit()) {
            group = raftGroup;
            entries = count;
            commit();
        }
    }
}
