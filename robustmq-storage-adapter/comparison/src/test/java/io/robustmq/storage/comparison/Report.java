/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the figures go. */
final class Report {
    private static final Logger LOG = LoggerFactory.getLogger("comparison");

    private Report() {}

    static void line(String format, Object... values) {
        LOG.info(String.format(Locale.ROOT, format, values));
    }
}
