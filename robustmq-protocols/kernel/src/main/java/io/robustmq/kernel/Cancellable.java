/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

/** A task or registration that can be taken back. */
@FunctionalInterface
public interface Cancellable {

    /** Takes it back; does nothing when it already ran or was cancelled before. */
    void cancel();
}
