/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Resource;
import io.robustmq.protocol.AclPort;
import io.robustmq.protocol.ClientIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreateAclsRequest;
import org.apache.kafka.common.requests.DeleteAclsRequest;
import org.apache.kafka.common.requests.DeleteAclsResponse;
import org.apache.kafka.common.requests.DescribeAclsRequest;
import org.apache.kafka.common.requests.DescribeAclsResponse;
import org.jspecify.annotations.Nullable;

/** The cluster's rules as Kafka's ACLs. Immutable. */
final class AclHandler {
    private final KafkaServices services;

    AclHandler(KafkaServices services) {
        this.services = services;
    }

    private record Known(AccessRule rule, AclBinding acl) {}

    void describe(Exchange exchange) {
        DescribeAclsResponseData answer = new DescribeAclsResponseData();
        AclPort acls = services.ports().access().acls();
        Errors refusal = refusal(exchange, acls, Action.DESCRIBE);
        if (refusal != null || acls == null) {
            exchange.reply(answer.setErrorCode((refusal == null ? Errors.SECURITY_DISABLED : refusal).code())
                    .setErrorMessage((refusal == null ? Errors.SECURITY_DISABLED : refusal).message()));
            return;
        }
        AclBindingFilter filter = ((DescribeAclsRequest) exchange.request().body()).filter();
        List<AclBinding> found = known(exchange.client(), acls).stream()
                .map(Known::acl)
                .filter(filter::matches)
                .toList();
        exchange.reply(answer.setResources(DescribeAclsResponse.aclsResources(found)));
    }

    private List<Known> known(ClientIdentity client, AclPort acls) {
        List<Known> all = new ArrayList<>();
        for (AccessRule rule : acls.rules(client.tenant())) {
            AclBinding acl = KafkaAcls.of(rule);
            if (acl != null) {
                all.add(new Known(rule, acl));
            }
        }
        return all;
    }

    void create(Exchange exchange) {
        CreateAclsResponseData answer = new CreateAclsResponseData();
        AclPort acls = services.ports().access().acls();
        Errors refusal = refusal(exchange, acls, Action.ALTER);
        List<CompletableFuture<?>> work = new ArrayList<>();
        ((CreateAclsRequest) exchange.request().body()).aclCreations().forEach(each -> {
            AclCreationResult result = new AclCreationResult();
            answer.results().add(result);
            if (refusal != null || acls == null) {
                say(result, refusal == null ? Errors.SECURITY_DISABLED : refusal, null);
                return;
            }
            try {
                AccessRule rule = KafkaAcls.rule(exchange.client().tenant(), CreateAclsRequest.aclBinding(each));
                work.add(acls.add(rule)
                        .handle((added, failure) -> {
                            if (failure != null && RmqException.errorOf(failure) != RmqError.TOPIC_EXISTS) {
                                say(
                                        result,
                                        Errors.INVALID_REQUEST,
                                        RmqException.causeOf(failure).getMessage());
                            }
                            return null;
                        })
                        .toCompletableFuture());
            } catch (IllegalArgumentException e) {
                say(result, Errors.INVALID_REQUEST, e.getMessage());
            }
        });
        exchange.reply(answer, work);
    }

    private static void say(AclCreationResult result, Errors error, @Nullable String why) {
        result.setErrorCode(error.code()).setErrorMessage(why == null ? error.message() : why);
    }

    void delete(Exchange exchange) {
        DeleteAclsResponseData answer = new DeleteAclsResponseData();
        AclPort acls = services.ports().access().acls();
        Errors refusal = refusal(exchange, acls, Action.ALTER);
        List<CompletableFuture<?>> work = new ArrayList<>();
        for (AclBindingFilter filter : ((DeleteAclsRequest) exchange.request().body()).filters()) {
            DeleteAclsFilterResult result = new DeleteAclsFilterResult();
            answer.filterResults().add(result);
            if (refusal != null || acls == null) {
                Errors error = refusal == null ? Errors.SECURITY_DISABLED : refusal;
                result.setErrorCode(error.code()).setErrorMessage(error.message());
                continue;
            }
            for (Known each : known(exchange.client(), acls)) {
                if (filter.matches(each.acl())) {
                    work.add(acls.deleteRule(each.rule().tenant(), each.rule().name())
                            .handle((deleted, failure) -> failure)
                            .thenAcceptAsync(
                                    failure -> tell(result, each, failure),
                                    task -> exchange.loop().execute(task))
                            .toCompletableFuture());
                }
            }
        }
        exchange.reply(answer, work);
    }

    private static void tell(DeleteAclsFilterResult result, Known each, @Nullable Throwable failure) {
        var deleted = DeleteAclsResponse.matchingAcl(
                each.acl(), failure == null ? org.apache.kafka.common.requests.ApiError.NONE : error(failure));
        result.matchingAcls().add(deleted);
    }

    private static org.apache.kafka.common.requests.ApiError error(Throwable failure) {
        return new org.apache.kafka.common.requests.ApiError(
                Errors.UNKNOWN_SERVER_ERROR, RmqException.causeOf(failure).getMessage());
    }

    private @Nullable Errors refusal(Exchange exchange, @Nullable AclPort acls, Action action) {
        if (acls == null) {
            return Errors.SECURITY_DISABLED;
        }
        return services.ports().access().may(exchange.client(), action, Resource.CLUSTER, KafkaAcls.CLUSTER)
                ? null
                : exchange.denied(Errors.CLUSTER_AUTHORIZATION_FAILED);
    }
}
