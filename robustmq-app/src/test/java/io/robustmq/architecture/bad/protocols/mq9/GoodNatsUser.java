/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.protocols.mq9;

import io.robustmq.architecture.bad.protocols.nats.Subjects;

/** mq9 is built on NATS. */
public final class GoodNatsUser extends Subjects {}
