/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.rooms.broker;

/** Something that the broker keeps for itself. */
public final class Owner {}
