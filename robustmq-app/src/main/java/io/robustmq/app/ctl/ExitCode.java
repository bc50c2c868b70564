/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

/** What scripts can tell failures apart by. */
final class ExitCode {
    /** The server refused, and said why. */
    static final int REFUSED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** Nobody answers at that address. */
    static final int UNREACHABLE = 3;
    /** Not logged in, or without the role that it needs. */
    static final int DENIED = 4;

    private ExitCode() {}
}
