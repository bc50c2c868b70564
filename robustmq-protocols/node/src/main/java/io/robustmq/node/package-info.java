/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The edge between a node and Spring that all starters share: roles, phases, properties, health, failures. */
@org.jspecify.annotations.NullMarked
package io.robustmq.node;
