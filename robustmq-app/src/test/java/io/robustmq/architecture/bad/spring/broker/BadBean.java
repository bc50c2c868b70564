/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.spring.broker;

import org.springframework.stereotype.Component;

/** Core code that is a bean by itself. */
@Component
public final class BadBean {}
