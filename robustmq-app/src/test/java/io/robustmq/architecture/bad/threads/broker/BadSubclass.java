/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.threads.broker;

/** Is a thread. */
public final class BadSubclass extends Thread {}
