/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.audit;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One action. Immutable.
 *
 * @param id rises from record to record of a node
 * @param way how it was proved who that is: password, token, loopback
 * @param from the address of the connection
 * @param what of the request's body, values of fields that cannot be secrets
 */
public record AuditRecord(
        long id,
        String time,
        int node,
        String who,
        String way,
        String from,
        String method,
        String path,
        @Nullable String query,
        Map<String, Object> what,
        int status) {}
