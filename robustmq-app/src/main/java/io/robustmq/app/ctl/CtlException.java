/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

/** Ends the command with a sentence on stderr and an {@link ExitCode}. Immutable. */
final class CtlException extends RuntimeException {
    private final int exitCode;
    private final String error;

    CtlException(int exitCode, String message) {
        this(exitCode, message, "");
    }

    /** @param error the server's name of the error, empty for none */
    CtlException(int exitCode, String message, String error) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.error = error;
    }

    int exitCode() {
        return exitCode;
    }

    String error() {
        return error;
    }
}
