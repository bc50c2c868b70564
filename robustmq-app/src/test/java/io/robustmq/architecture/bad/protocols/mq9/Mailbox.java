/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.protocols.mq9;

/** A mailbox. */
public final class Mailbox {}
