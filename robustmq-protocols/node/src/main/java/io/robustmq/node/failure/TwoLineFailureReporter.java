/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.failure;

import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Two lines instead of Boot's block: what happened, what to do. Registered by the application only, which switches the
 * logger of Boot's own reporter off; a host application keeps the format it has. Immutable.
 */
public final class TwoLineFailureReporter implements FailureAnalysisReporter {
    private static final Logger LOG = LoggerFactory.getLogger("io.robustmq.start");

    @Override
    public void report(FailureAnalysis analysis) {
        LOG.error("{}", oneLine(analysis.getDescription()));
        LOG.error("{}", oneLine(Objects.requireNonNullElse(analysis.getAction(), "See the log above.")));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
