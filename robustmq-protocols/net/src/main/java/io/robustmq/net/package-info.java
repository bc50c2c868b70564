/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Opens the ports of all protocols on Reactor Netty's transport and hands accepted connections to their handlers. */
@org.jspecify.annotations.NullMarked
package io.robustmq.net;
