/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.robustmq.protocol.ClientIdentity;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** Who asks the group coordinator, in Kafka's words and in ours. */
public interface GroupCaller extends AuthorizableRequestContext {

    ClientIdentity client();
}
