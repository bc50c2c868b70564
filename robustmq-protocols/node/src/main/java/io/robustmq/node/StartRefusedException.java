/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

/**
 * The node will not start, for a reason that its operator can remove. Carries what happened and what to do; has no
 * stack trace, because the place in the code says nothing to the operator.
 */
public class StartRefusedException extends RuntimeException {
    private final String action;

    public StartRefusedException(String whatHappened, String whatToDo) {
        this(whatHappened, whatToDo, null);
    }

    public StartRefusedException(
            String whatHappened, String whatToDo, @org.jspecify.annotations.Nullable Throwable cause) {
        super(whatHappened, cause, false, false);
        this.action = whatToDo;
    }

    /** What the operator can do, as one sentence. */
    public String action() {
        return action;
    }
}
