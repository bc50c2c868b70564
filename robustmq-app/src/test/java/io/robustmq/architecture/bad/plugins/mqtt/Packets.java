/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.plugins.mqtt;

/** Belongs to one protocol. */
public final class Packets {}
