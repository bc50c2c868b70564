/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import io.robustmq.kafka.group.GroupAdmin;
import io.robustmq.kafka.group.Groups;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.GroupPort;
import io.robustmq.protocol.Ports;
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
    private volatile @Nullable Opened opened;

    private record Opened(Ports ports, Groups groups) {}

    void open(Ports ports, Groups groups) {
        opened = new Opened(ports, groups);
        groups.onReport(report -> listeners.forEach(each -> each.accept(report)));
    }

    private <T> CompletionStage<T> ask(Function<GroupPort, CompletionStage<T>> question) {
        Opened known = opened;
        return known == null
                ? CompletableFuture.failedStage(RmqError.UNAVAILABLE.exception("the ports of Kafka are not open yet"))
                : question.apply(new GroupAdmin(known.ports, known.groups));
    }

    @Override
    public CompletionStage<List<GroupSummary>> list(String tenant) {
        return ask(groups -> groups.list(tenant));
    }

    @Override
    public CompletionStage<GroupDescription> describe(String tenant, String group) {
        return ask(groups -> groups.describe(tenant, group));
    }

    @Override
    public CompletionStage<List<Moved>> reset(ResetRequest request) {
        return ask(groups -> groups.reset(request));
    }

    @Override
    public CompletionStage<Void> delete(String tenant, String group) {
        return ask(groups -> groups.delete(tenant, group));
    }

    @Override
    public Cancellable onReport(Consumer<Report> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
