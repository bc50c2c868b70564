/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

/** Ends the command with a sentence on stderr and an exit code. Immutable. */
final class BenchException extends RuntimeException {
    static final int FAILED = 1;
    static final int UNREACHABLE = 3;
    static final int DENIED = 4;

    private final int exitCode;

    BenchException(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
