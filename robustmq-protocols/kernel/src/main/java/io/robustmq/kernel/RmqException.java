/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** An {@link RmqError} with the sentence that tells a person what happened and what to do. */
public final class RmqException extends RuntimeException {
    private final RmqError error;

    public RmqException(RmqError error, String message) {
        this(error, message, null);
    }

    public RmqException(RmqError error, String message, @Nullable Throwable cause) {
        // Expected outcomes need no stack trace; a fault of ours does.
        super(message, cause, false, error.kind() == ErrorKind.INTERNAL);
        this.error = error;
    }

    public RmqError error() {
        return error;
    }

    /** What went wrong, without what the stages of a future have put around it. */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The error of that cause; INTERNAL when it is none of ours. */
    public static RmqError errorOf(Throwable failure) {
        return causeOf(failure) instanceof RmqException known ? known.error : RmqError.INTERNAL;
    }

    /** That cause; an INTERNAL one when it is none of ours, which says who failed: "the log failed". */
    public static RmqException of(Throwable failure, String who) {
        Throwable cause = causeOf(failure);
        return cause instanceof RmqException known
                ? known
                : new RmqException(RmqError.INTERNAL, who + ": " + cause, cause);
    }
}
