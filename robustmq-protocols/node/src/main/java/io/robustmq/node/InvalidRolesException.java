/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

/** {@link Role#KEY} names no role, or something that is none. */
public final class InvalidRolesException extends StartRefusedException {
    InvalidRolesException(String whatHappened, String whatToDo) {
        super(whatHappened, whatToDo);
    }
}
