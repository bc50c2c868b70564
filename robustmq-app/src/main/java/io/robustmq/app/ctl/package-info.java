/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The command line tool for administrators. Talks to the admin API; no class of Spring may be loaded here. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.ctl;
