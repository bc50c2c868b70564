/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.LogPort;
import io.robustmq.protocol.LogTopic;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.server.authorizer.AclCreateResult;
import org.apache.kafka.server.authorizer.AclDeleteResult;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.apache.kafka.server.authorizer.Authorizer;
import org.apache.kafka.server.authorizer.AuthorizerServerInfo;

/**
 * What the coordinator asks when a member names topics by a pattern: which of them it may read. Rules are made elsewhere.
 * Thread-safe: the ports are.
 */
public final class TopicAuthorizer implements Authorizer {
    private final AccessPort access;
    private final LogPort log;

    TopicAuthorizer(AccessPort access, LogPort log) {
        this.access = access;
        this.log = log;
    }

    /** Whether all that the topic holds may be read: one of many subjects is read by whoever may read all of them. */
    public static boolean mayRead(AccessPort access, ClientIdentity client, LogTopic topic) {
        if (access.allowsAll()) {
            return true;
        }
        if (topic.bindings().isEmpty()) {
            return access.maySubscribe(client, "#");
        }
        return topic.bindings().stream().allMatch(binding -> access.maySubscribe(client, binding));
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        return actions.stream().map(action -> authorize(context, action)).toList();
    }

    private AuthorizationResult authorize(AuthorizableRequestContext context, Action action) {
        if (!(context instanceof GroupCaller caller)) {
            return AuthorizationResult.DENIED;
        }
        LogTopic topic =
                log.topic(caller.client().tenant(), action.resourcePattern().name());
        return topic != null && mayRead(access, caller.client(), topic)
                ? AuthorizationResult.ALLOWED
                : AuthorizationResult.DENIED;
    }

    @Override
    public Map<Endpoint, ? extends CompletionStage<Void>> start(AuthorizerServerInfo server) {
        return Map.of();
    }

    @Override
    public List<? extends CompletionStage<AclCreateResult>> createAcls(
            AuthorizableRequestContext context, List<AclBinding> bindings) {
        throw new UnsupportedOperationException("rules are not made by the group coordinator");
    }

    @Override
    public List<? extends CompletionStage<AclDeleteResult>> deleteAcls(
            AuthorizableRequestContext context, List<AclBindingFilter> filters) {
        throw new UnsupportedOperationException("rules are not made by the group coordinator");
    }

    @Override
    public Iterable<AclBinding> acls(AclBindingFilter filter) {
        return List.of();
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // It has what it needs.
    }

    @Override
    public void close() {
        // The ports belong to the broker.
    }
}
