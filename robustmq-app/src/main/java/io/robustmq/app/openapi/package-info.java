/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The admin API described for programs: OpenAPI, made of the endpoints that are there. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.openapi;
