/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What a recording of the JDK's Flight Recorder shows of a node. Events are on in every recording, with thresholds, and cost
 * nothing while there is none: see {@code docs/observe.md}.
 */
@org.jspecify.annotations.NullMarked
package io.robustmq.kernel.event;
