/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/** A connection that wants to know what changes about its rights. Called on any thread; must not block. */
public interface AccessListener {

    /** The client would not be let in as it was: its user is gone, or has another password. */
    void noLongerWelcome(String why);

    /** What it may do has changed: subscriptions are to be looked at again. */
    void rulesChanged();
}
