/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/** A message that a window gave to a member. Owned by the member until it is done or given back. */
public interface WindowDelivery {

    StoredMessage message();

    /** The quality of service for this member. */
    int qos();

    /** Whether it was published to be retained. */
    boolean retain();

    /** The member to whom it was given. */
    WindowMember member();

    /** Acknowledged, refused or beyond taking back: nobody else will get it. */
    void done();
}
