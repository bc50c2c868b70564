/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import java.util.List;

/**
 * A line of the block that the node logs when it is ready. Immutable.
 *
 * @param title the left column, {@code mqtt} or {@code volatile}
 * @param text the right column
 */
public record BannerLine(String title, String text) {

    /** Gives lines once every phase has started. A bean. */
    @FunctionalInterface
    public interface Contribution {
        List<BannerLine> lines();
    }
}
