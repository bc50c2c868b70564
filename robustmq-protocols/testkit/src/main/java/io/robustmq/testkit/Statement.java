/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The test proves these statements of the MQTT specifications: {@code MQTT-3.1.2-4} of 5.0, {@code v3:MQTT-3.1.2-4} of 3.1.1,
 * {@code rule:payload-format} for what has no number there. They are listed in {@code mqtt/statements.txt} of the application's tests, and
 * {@code docs/mqtt-conformance.md} is written from them. The ids are literals, because the page's test reads sources.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.SOURCE)
public @interface Statement {
    String[] value();
}
