/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.files.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads past the Disk. */
public final class BadReader {
    public byte[] read(Path path) throws IOException {
        return Files.readAllBytes(path);
    }
}
