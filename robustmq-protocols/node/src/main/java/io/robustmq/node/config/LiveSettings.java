/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import java.util.function.Consumer;

/**
 * A part of the node that takes another configuration while it runs: a bean of the module that the part is in. What the record
 * refuses never comes here.
 *
 * @param type of the record, all of whose keys marked {@link Live} are looked at
 * @param take is given the whole record when one of those keys has another value, from any thread
 */
public record LiveSettings<T>(Class<T> type, Consumer<T> take) {}
