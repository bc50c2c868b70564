/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.group.GroupAdmin;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.GroupPort;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The groups for administrators, from before the ports open: until then they are UNAVAILABLE. Holds none of Kafka's classes.
 * Thread-safe: what is behind it is published by a volatile field.
 */
final class GroupDoor implements GroupPort {
    private final List<Consumer<Report>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable KafkaServices opened;

    void open(KafkaServices services) {
        opened = services;
        services.groups().onReport(report -> listeners.forEach(each -> each.accept(report)));
    }

    private <T> CompletionStage<T> ask(String tenant, Function<GroupPort, CompletionStage<T>> question) {
        KafkaServices known = opened;
        if (known == null) {
            return CompletableFuture.failedStage(RmqError.UNAVAILABLE.exception("the ports of Kafka are not open yet"));
        }
        if (!known.ports().tenants().exists(tenant)) {
            return CompletableFuture.failedStage(RmqError.NOT_FOUND.exception("there is no tenant '" + tenant + "'"));
        }
        return question.apply(new GroupAdmin(known.ports(), known.groups(tenant)));
    }

    @Override
    public CompletionStage<List<GroupSummary>> list(String tenant) {
        return ask(tenant, groups -> groups.list(tenant));
    }

    @Override
    public CompletionStage<GroupDescription> describe(String tenant, String group) {
        return ask(tenant, groups -> groups.describe(tenant, group));
    }

    @Override
    public CompletionStage<List<Moved>> reset(ResetRequest request) {
        return ask(request.tenant(), groups -> groups.reset(request));
    }

    @Override
    public CompletionStage<Void> delete(String tenant, String group) {
        return ask(tenant, groups -> groups.delete(tenant, group));
    }

    @Override
    public Cancellable onReport(Consumer<Report> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
