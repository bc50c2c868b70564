/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

/** How a route says which record its body is, for the description of the API. */
public final class RequestBodies {
    /** Attribute of a route whose value is the record. */
    public static final String ATTRIBUTE = "requestBody";

    private RequestBodies() {}
}
