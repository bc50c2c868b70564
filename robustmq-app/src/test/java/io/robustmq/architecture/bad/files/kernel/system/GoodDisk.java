/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.files.kernel.system;

import java.nio.file.Files;
import java.nio.file.Path;

/** The Disk of a real machine. */
public final class GoodDisk {
    public boolean exists(Path path) {
        return Files.exists(path);
    }
}
