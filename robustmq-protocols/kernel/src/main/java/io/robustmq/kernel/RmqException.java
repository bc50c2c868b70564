/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

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
}
