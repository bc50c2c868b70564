/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says why a source fails, once for each kind of failure in a row. Thread-safe. */
public final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
    private static final int REASON_CHARS_MAX = 300;

    private final String source;
    private final AtomicReference<String> said = new AtomicReference<>("");

    public FailureLog(String source) {
        this.source = source;
    }

    /** @param reason has nothing of a password */
    public void failed(Throwable failure, String reason) {
        String kind = failure.getClass().getName();
        if (!said.getAndSet(kind).equals(kind)) {
            LOG.warn("source {} cannot be asked, and its users are told to come later: {}", source, printable(reason));
        }
    }

    /** What the source has about one user cannot be used. */
    public void unusable(String user, IllegalArgumentException failure) {
        String reason = printable(FailureLog.reason(failure));
        if (!said.getAndSet(reason).equals(reason)) {
            LOG.warn("source {}: user {} cannot log in: {}", source, printable(user), reason);
        }
    }

    public void worked() {
        if (!said.get().isEmpty()) {
            said.set("");
        }
    }

    /** One line, whatever a server has put into its message. */
    private static String printable(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(REASON_CHARS_MAX)
                .forEach(each -> line.appendCodePoint(Character.isISOControl(each) ? ' ' : each));
        return line.toString();
    }

    /** The messages of a failure and what it comes from, outermost first. */
    public static String reason(Throwable failure) {
        StringBuilder reason = new StringBuilder();
        String last = "";
        int depth = 0;
        for (Throwable each = failure; each != null && depth < 5; each = each.getCause(), depth++) {
            String message = each.getMessage() == null ? each.getClass().getSimpleName() : each.getMessage();
            if (!last.contains(message)) {
                reason.append(reason.isEmpty() ? "" : "; ").append(message);
                last = message;
            }
        }
        return reason.toString();
    }
}
