/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.robustmq.protocol.ClientIdentity;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** Who asks the group coordinator, in Kafka's words and in ours. */
public interface GroupCaller extends AuthorizableRequestContext {

    ClientIdentity client();

    @Override
    default String listenerName() {
        return ListenerName.forSecurityProtocol(securityProtocol()).value();
    }

    @Override
    default SecurityProtocol securityProtocol() {
        return SecurityProtocol.PLAINTEXT;
    }

    @Override
    default KafkaPrincipal principal() {
        return KafkaPrincipal.ANONYMOUS;
    }
}
