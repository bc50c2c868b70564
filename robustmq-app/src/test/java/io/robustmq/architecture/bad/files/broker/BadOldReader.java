/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.files.broker;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The same with the older classes. */
public final class BadOldReader {
    public InputStream open(String name) throws IOException {
        return new FileInputStream(name);
    }
}
