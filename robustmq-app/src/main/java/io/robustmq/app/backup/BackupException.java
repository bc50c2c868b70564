/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.backup;

/** A backup cannot be made, is not whole or cannot be put back; the message says why and what to do. Immutable. */
public final class BackupException extends RuntimeException {
    public BackupException(String message) {
        super(message, null, false, false);
    }
}
