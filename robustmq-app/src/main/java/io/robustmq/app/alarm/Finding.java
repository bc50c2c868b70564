/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import java.util.Map;

/**
 * What a check sees at one look. Immutable.
 *
 * @param of which one of several: a disk, a raft group; empty where there is one
 * @param message what is wrong and what to do, in two sentences
 * @param details figures
 */
record Finding(AlarmKind kind, String of, Verdict verdict, String message, Map<String, Object> details) {

    /** Between bad and good lies a band in which nothing changes, so that an alarm does not come and go. */
    enum Verdict {
        GOOD,
        BETWEEN,
        BAD;

        /** Bad above one value, good from another one on down. */
        static Verdict above(double value, double bad, double good) {
            return value > bad ? BAD : value <= good ? GOOD : BETWEEN;
        }
    }

    static Finding bad(AlarmKind kind, String of, String message, Map<String, Object> details) {
        return new Finding(kind, of, Verdict.BAD, message, details);
    }

    String id() {
        return of.isEmpty() ? kind.key() : kind.key() + ":" + of;
    }
}
