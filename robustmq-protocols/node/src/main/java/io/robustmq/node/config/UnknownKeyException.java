/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import io.robustmq.node.StartRefusedException;

/** A file or an argument sets a key of ours that does not exist, so somebody believes in an effect that it has not. */
public final class UnknownKeyException extends StartRefusedException {
    UnknownKeyException(String whatHappened, String whatToDo) {
        super(whatHappened, whatToDo);
    }
}
