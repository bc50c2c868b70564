/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.streams.app;

/** A command answers on the console. */
public final class GoodCommand {
    public void print(String line) {
        System.out.println(line);
    }
}
