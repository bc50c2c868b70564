/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Resource;
import io.robustmq.protocol.QuotaAdminPort;
import io.robustmq.protocol.QuotaAdminPort.Quota;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntityData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntryData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.ValueData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The tenant's quotas as Kafka's tools see them: bytes in and out of users and client ids. A tenant's own quota, and limits that
 * Kafka does not have, are not shown and stay as they are. Immutable.
 */
final class QuotaHandler {
    private static final String USER = "user";
    private static final String CLIENT = "client-id";
    private static final String IN = "producer_byte_rate";
    private static final String OUT = "consumer_byte_rate";
    private static final byte EXACT = 0;
    private static final byte DEFAULT = 1;
    private static final byte SPECIFIED = 2;
    private static final long RATE_MAX = 1L << 50;

    private final KafkaServices services;

    QuotaHandler(KafkaServices services) {
        this.services = services;
    }

    private boolean refused(Exchange exchange, Action action) {
        if (services.ports().access().may(exchange.client(), action, Resource.CLUSTER, KafkaAcls.CLUSTER)) {
            return false;
        }
        exchange.fail(exchange.denied(Errors.CLUSTER_AUTHORIZATION_FAILED).exception());
        return true;
    }

    // --- describing

    void describe(Exchange exchange) {
        if (refused(exchange, Action.DESCRIBE_CONFIGS)) {
            return;
        }
        DescribeClientQuotasRequestData request =
                (DescribeClientQuotasRequestData) exchange.request().data();
        for (ComponentData each : request.components()) {
            String problem = problem(each);
            if (problem != null) {
                exchange.fail(Errors.INVALID_REQUEST.exception(problem));
                return;
            }
        }
        List<EntryData> entries = new ArrayList<>();
        for (Quota each : quotas(exchange)) {
            EntryData entry = entry(each);
            if (entry != null
                    && request.components().stream().allMatch(component -> matches(component, each))
                    && (!request.strict() || !request.components().isEmpty())) {
                entries.add(entry);
            }
        }
        exchange.reply(new DescribeClientQuotasResponseData().setEntries(entries));
    }

    private List<Quota> quotas(Exchange exchange) {
        QuotaAdminPort admin = services.ports().quotas().admin();
        return admin == null ? List.of() : admin.quotas(exchange.client().tenant());
    }

    private static @Nullable String problem(ComponentData component) {
        boolean known = component.entityType().equals(USER)
                || component.entityType().equals(CLIENT)
                || component.entityType().equals("ip");
        if (!known) {
            return "there are no quotas of '" + component.entityType() + "'";
        }
        return component.matchType() < EXACT || component.matchType() > SPECIFIED
                ? "match type " + component.matchType()
                : null;
    }

    /** Null for what Kafka does not have. */
    private static @Nullable EntryData entry(Quota quota) {
        List<ValueData> values = new ArrayList<>();
        add(IN, quota.limits().bytesPerSecond(), values);
        add(OUT, quota.limits().bytesOutPerSecond(), values);
        if (quota.whom() == Whom.TENANT || values.isEmpty()) {
            return null;
        }
        return new EntryData()
                .setEntity(List.of(new EntityData().setEntityType(type(quota)).setEntityName(name(quota))))
                .setValues(values);
    }

    private static void add(String key, long limit, List<ValueData> to) {
        if (limit >= 0) {
            to.add(new ValueData().setKey(key).setValue(limit));
        }
    }

    private static String type(Quota quota) {
        return quota.whom() == Whom.USER || quota.whom() == Whom.EACH_USER ? USER : CLIENT;
    }

    /** Null for Kafka's default. */
    private static @Nullable String name(Quota quota) {
        return quota.whom() == Whom.USER || quota.whom() == Whom.CLIENT ? quota.name() : null;
    }

    private static boolean matches(ComponentData component, Quota quota) {
        String name = name(quota);
        return component.entityType().equals(type(quota))
                && switch (component.matchType()) {
                    case EXACT -> name != null && name.equals(component.match());
                    case DEFAULT -> name == null;
                    default -> true;
                };
    }

    // --- altering

    void alter(Exchange exchange) {
        if (refused(exchange, Action.ALTER_CONFIGS)) {
            return;
        }
        AlterClientQuotasRequestData request =
                (AlterClientQuotasRequestData) exchange.request().data();
        AlterClientQuotasResponseData response = new AlterClientQuotasResponseData();
        List<CompletableFuture<?>> work = new ArrayList<>();
        for (AlterClientQuotasRequestData.EntryData asked : request.entries()) {
            AlterClientQuotasResponseData.EntryData result = new AlterClientQuotasResponseData.EntryData()
                    .setEntity(asked.entity().stream()
                            .map(each -> new AlterClientQuotasResponseData.EntityData()
                                    .setEntityType(each.entityType())
                                    .setEntityName(each.entityName()))
                            .toList());
            response.entries().add(result);
            try {
                Quota changed = changed(exchange, asked);
                if (!request.validateOnly()) {
                    work.add(write(changed)
                            .handle((done, failure) -> failure == null
                                    ? result
                                    : refuse(
                                            result,
                                            String.valueOf(RmqException.causeOf(failure)
                                                    .getMessage())))
                            .toCompletableFuture());
                }
            } catch (IllegalArgumentException e) {
                refuse(result, String.valueOf(e.getMessage()));
            }
        }
        exchange.reply(response, work);
    }

    private static AlterClientQuotasResponseData.EntryData refuse(
            AlterClientQuotasResponseData.EntryData result, String why) {
        return result.setErrorCode(Errors.INVALID_REQUEST.code()).setErrorMessage(why);
    }

    private CompletionStage<?> write(Quota changed) {
        QuotaAdminPort admin = services.ports().quotas().admin();
        if (admin == null) {
            throw new IllegalArgumentException("there are no quotas here");
        }
        if (!changed.limits().equals(QuotaLimits.NONE)) {
            return admin.set(changed);
        }
        boolean there = admin.quotas(changed.tenant()).stream()
                .anyMatch(each -> each.whom() == changed.whom() && each.name().equals(changed.name()));
        return there
                ? admin.unset(changed.tenant(), changed.whom(), changed.name())
                : CompletableFuture.completedStage(null);
    }

    private Quota changed(Exchange exchange, AlterClientQuotasRequestData.EntryData asked) {
        if (asked.entity().size() != 1) {
            throw new IllegalArgumentException("a quota is one of a user or of a client id, not of both together");
        }
        String type = asked.entity().get(0).entityType();
        String name = asked.entity().get(0).entityName();
        if (!type.equals(USER) && !type.equals(CLIENT)) {
            throw new IllegalArgumentException("there are no quotas of '" + type + "'");
        }
        boolean user = type.equals(USER);
        Whom whom = name == null ? user ? Whom.EACH_USER : Whom.EACH_CLIENT : user ? Whom.USER : Whom.CLIENT;
        String called = name == null ? "" : name;
        QuotaLimits limits = quotas(exchange).stream()
                .filter(each -> each.whom() == whom && each.name().equals(called))
                .map(Quota::limits)
                .findFirst()
                .orElse(QuotaLimits.NONE);
        for (OpData op : asked.ops()) {
            limits = changed(limits, op);
        }
        return new Quota(exchange.client().tenant(), whom, called, limits);
    }

    private static QuotaLimits changed(QuotaLimits limits, OpData op) {
        long rate = op.remove() ? QuotaLimits.UNLIMITED : rate(op);
        return switch (op.key()) {
            case IN -> limits.withPublished(limits.messagesPerSecond(), rate);
            case OUT -> limits.withBytesOut(rate);
            default -> throw new IllegalArgumentException("there is no quota '" + op.key() + "'");
        };
    }

    private static long rate(OpData op) {
        double value = op.value();
        if (!(value >= 1 && value <= RATE_MAX) || value != Math.rint(value)) {
            throw new IllegalArgumentException(
                    op.key() + " is a whole number of bytes a second from 1 on, not " + value);
        }
        return (long) value;
    }
}
