/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.files.broker;

import java.nio.file.Path;

/** A name of a file is not yet a file. */
public final class GoodName {
    public Path segment(Path folder, long baseOffset) {
        return folder.resolve(baseOffset + ".log");
    }
}
