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

/** A source of credentials took long to tell whether somebody may log in. Handed on with the question. */
@Name("io.robustmq.SlowLogin")
@Label("Slow Login")
@Description("A source of credentials took long to check a password, or to answer at all")
@Category("RobustMQ")
@Threshold("200 ms")
@StackTrace(false)
public final class SlowLogin extends Event {
    @Label("Source")
    @Nullable
    String source;

    @Label("Outcome")
    @Nullable
    String outcome;

    /** One that has begun. */
    public static SlowLogin started() {
        SlowLogin event = new SlowLogin();
        event.begin();
        return event;
    }

    /** Ends it and keeps it if it was slow. */
    public void commit(String asked, String answered) {
        end();
        if (shouldCommit()) {
            source = asked;
            outcome = answered;
            commit();
        }
    }
}
