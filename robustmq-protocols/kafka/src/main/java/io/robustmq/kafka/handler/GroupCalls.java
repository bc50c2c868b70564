/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.kafka.group.GroupCaller;
import io.robustmq.kafka.group.GroupHost;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.ClientIdentity;
import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries requests to the group coordinator, and its answers back to the loops of the connections. Immutable. */
final class GroupCalls {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCalls.class);

    private final KafkaServices services;

    GroupCalls(KafkaServices services) {
        this.services = services;
    }

    KafkaServices services() {
        return services;
    }

    boolean mayUse(Exchange exchange, String group) {
        return services.ports().access().mayUseGroup(exchange.client(), group);
    }

    /** Lets the coordinator load its groups before it is asked. */
    void awake(Exchange exchange) {
        services.groups(exchange.client().tenant()).host();
    }

    /**
     * Asks, and replies with what is answered. The client that goes, or is told to go because the node stops, is not waited
     * for: a member may wait for its group for minutes.
     */
    <T extends ApiMessage> void call(Exchange exchange, BiFunction<GroupHost, GroupCaller, CompletionStage<T>> ask) {
        Call call = new Call(exchange);
        exchange.onEnd(() -> call.end(null, Errors.COORDINATOR_NOT_AVAILABLE.exception()));
        GroupCaller caller = caller(exchange);
        services.groups(exchange.client().tenant())
                .host()
                .thenCompose(host -> ask.apply(host, caller))
                .whenComplete((answer, failure) -> {
                    if (exchange.loop().inLoop()) {
                        call.end(answer, failure);
                    } else {
                        exchange.loop().execute(() -> call.end(answer, failure));
                    }
                });
    }

    /** Confined to the loop of its connection. */
    private static final class Call {
        private final Exchange exchange;
        private boolean ended;

        Call(Exchange exchange) {
            this.exchange = exchange;
        }

        void end(@Nullable ApiMessage answer, @Nullable Throwable failure) {
            if (ended) {
                return;
            }
            ended = true;
            if (answer != null) {
                exchange.reply(answer);
                return;
            }
            Errors error = failure == null ? Errors.UNKNOWN_SERVER_ERROR : error(failure);
            if (error == Errors.UNKNOWN_SERVER_ERROR) {
                LOG.error("{} failed", exchange.request().api(), failure);
            }
            exchange.fail(error.exception());
        }
    }

    /** Ours come from the log below: the client looks for its coordinator again. */
    static Errors error(Throwable failure) {
        Throwable cause = KafkaErrors.unwrap(failure);
        return cause instanceof RmqException ? Errors.COORDINATOR_NOT_AVAILABLE : Errors.forException(cause);
    }

    private static GroupCaller caller(Exchange exchange) {
        return new Caller(
                exchange.client(),
                exchange.remote(),
                exchange.request().api().id,
                exchange.version(),
                exchange.request().clientId() == null ? "" : exchange.request().clientId(),
                exchange.request().correlationId());
    }

    private record Caller(
            ClientIdentity client,
            InetAddress clientAddress,
            int requestType,
            int requestVersion,
            String clientId,
            int correlationId)
            implements GroupCaller {}
}
