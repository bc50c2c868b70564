/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.streams.broker;

/** Prints into the embedder's console. */
public final class BadPrinter {
    public void print(String line) {
        System.out.println(line);
    }
}
