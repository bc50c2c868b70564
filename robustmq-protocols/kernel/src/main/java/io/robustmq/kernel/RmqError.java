/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

/** Every error of the core, numbered and categorised once; each protocol has one table from these to its own codes. */
public enum RmqError {
    INVALID_REQUEST(1, ErrorKind.CLIENT),
    INVALID_SUBJECT(2, ErrorKind.CLIENT),
    INVALID_NAME(3, ErrorKind.CLIENT),
    INVALID_CONFIG(4, ErrorKind.CLIENT),
    UNKNOWN_TOPIC(5, ErrorKind.CLIENT),
    TOPIC_EXISTS(6, ErrorKind.CLIENT),
    BINDING_CONFLICT(7, ErrorKind.CLIENT),
    UNAUTHORIZED(8, ErrorKind.CLIENT),
    PAYLOAD_TOO_LARGE(9, ErrorKind.CLIENT),
    OUT_OF_RANGE(10, ErrorKind.CLIENT),
    CORRUPT_BATCH(11, ErrorKind.CLIENT),
    NOT_SUPPORTED(12, ErrorKind.CLIENT),
    POLICY_VIOLATION(13, ErrorKind.CLIENT),
    REVISION_MISMATCH(14, ErrorKind.CLIENT),
    NOT_FOUND(15, ErrorKind.CLIENT),
    KEY_REQUIRED(16, ErrorKind.CLIENT),
    OUT_OF_SEQUENCE(17, ErrorKind.CLIENT),
    PRODUCER_FENCED(18, ErrorKind.CLIENT),

    NOT_OWNER(100, ErrorKind.RETRY),
    NO_LEADER(101, ErrorKind.RETRY),
    TIMED_OUT(102, ErrorKind.RETRY),
    CLOSED(103, ErrorKind.RETRY),
    UNAVAILABLE(104, ErrorKind.RETRY),

    FENCED(200, ErrorKind.FENCED),

    QUOTA_EXCEEDED(300, ErrorKind.OVERLOADED),
    OVERLOADED(301, ErrorKind.OVERLOADED),

    STORAGE_FAILED(400, ErrorKind.RESOURCE),
    STORAGE_FULL(401, ErrorKind.RESOURCE),
    CORRUPT_DATA(402, ErrorKind.RESOURCE),

    INTERNAL(500, ErrorKind.INTERNAL);

    private final int code;
    private final ErrorKind kind;

    RmqError(int code, ErrorKind kind) {
        this.code = code;
        this.kind = kind;
    }

    /** Stable number, used on inner wires. */
    public int code() {
        return code;
    }

    public ErrorKind kind() {
        return kind;
    }

    /** The error of that number; an unknown one (from a newer node) is {@link #INTERNAL}. */
    public static RmqError ofCode(int code) {
        for (RmqError error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        return INTERNAL;
    }

    public RmqException exception(String message) {
        return new RmqException(this, message);
    }
}
