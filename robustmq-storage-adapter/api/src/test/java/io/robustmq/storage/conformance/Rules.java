/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

/** What a group of rules stands on. */
interface Rules {

    /** The engine under test, started anew for each rule. */
    ConformanceBench bench();
}
