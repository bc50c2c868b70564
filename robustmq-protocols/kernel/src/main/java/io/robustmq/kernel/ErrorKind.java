/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

/** What a caller can do about an error; metrics and retries key on it. */
public enum ErrorKind {
    /** The request is wrong; repeating it does not help. */
    CLIENT,
    /** Not now; the same request may succeed later or elsewhere. */
    RETRY,
    /** The caller's epoch is over; it must drop what it believed to own. */
    FENCED,
    /** A limit or budget is reached; slow down. */
    OVERLOADED,
    /** A disk or other resource of the node has failed. */
    RESOURCE,
    /** A fault of ours. */
    INTERNAL
}
