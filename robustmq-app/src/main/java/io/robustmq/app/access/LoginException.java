/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import org.springframework.security.core.AuthenticationException;

/** Why somebody is not let in, as they are told. Immutable. */
final class LoginException extends AuthenticationException {
    private final Reason reason;
    private final long retryAfterSeconds;

    /** What kind of refusal it is. */
    enum Reason {
        WRONG,
        TOO_MANY,
        NOT_YET
    }

    LoginException(Reason reason, String message, long retryAfterSeconds) {
        super(message);
        this.reason = reason;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    Reason reason() {
        return reason;
    }

    long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
