/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.test;

import java.nio.file.Path;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.util.FileSystemUtils;

/** The directory of a test's node; beans are destroyed when the node has stopped. Immutable. */
record TestDirectory(Path path) implements DisposableBean {

    @Override
    public void destroy() throws Exception {
        FileSystemUtils.deleteRecursively(path);
    }
}
