/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.files.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Forces a file by itself. */
public final class BadChannel {
    public void force(FileChannel channel) throws IOException {
        channel.force(true);
    }
}
