/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.robustmq.protocol.ListenerSpec;
import java.net.InetSocketAddress;

/**
 * A port that is open. Immutable.
 *
 * @param spec what was asked for
 * @param address where it really listens
 */
public record BoundListener(ListenerSpec spec, InetSocketAddress address) {}
