/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.rooms.elsewhere;

/** In no room of the plan. */
public final class Corner {}
