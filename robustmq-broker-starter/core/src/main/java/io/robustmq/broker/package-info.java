/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The message logic that all protocols share: topics and their shards, routing, the run from publisher to log to
 * subscribers, retained messages, sessions' ownership, access.
 */
@org.jspecify.annotations.NullMarked
package io.robustmq.broker;
