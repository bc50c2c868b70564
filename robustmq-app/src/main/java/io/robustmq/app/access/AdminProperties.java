/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the admin API. Immutable.
 *
 * @param loopback whether callers on this machine need no password (open) or log in like everybody else (secured)
 * @param passwordFile file with the first password of the account admin; unset means that one is generated and printed once
 */
@ConfigurationProperties("robustmq.admin")
public record AdminProperties(
        @DefaultValue("open") Loopback loopback, @Nullable String passwordFile) {

    /** What callers on this machine need. */
    public enum Loopback {
        /** Nothing: whoever has a shell here may administer the node. */
        OPEN,
        /** A password or a token, like everybody else. */
        SECURED
    }
}
