/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.protocol.GroupPort.Assigned;
import io.robustmq.protocol.GroupPort.Lag;
import io.robustmq.protocol.GroupPort.Report;
import io.robustmq.protocol.LogPort;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then how far behind groups are, for whoever listens: at so many groups, and telling of so many topics, that
 * clients which make up groups can do no harm. Thread-safe: listeners may come and go, the rest is confined to the groups' loop.
 */
final class GroupReports {
    private static final Logger LOG = LoggerFactory.getLogger(GroupReports.class);
    private static final long PAUSE_MILLIS = 10_000;
    private static final int GROUPS_MAX = 500;
    private static final int LAGS_MAX = 500;

    private final LogPort log;
    private final String tenant;
    private final List<Consumer<Report>> listeners = new CopyOnWriteArrayList<>();

    GroupReports(LogPort log, String tenant) {
        this.log = log;
        this.tenant = tenant;
    }

    Cancellable onReport(Consumer<Report> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Goes on until the host is closed. */
    void follow(GroupHost host, Loop loop) {
        if (host.isClosed()) {
            return;
        }
        CompletableFuture<?> looked = listeners.isEmpty() ? CompletableFuture.completedFuture(null) : look(host, loop);
        looked.whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.debug("the lag of groups cannot be told", failure);
            }
            if (!host.isClosed()) {
                loop.schedule(PAUSE_MILLIS, () -> follow(host, loop));
            }
        });
    }

    private CompletableFuture<Void> look(GroupHost host, Loop loop) {
        return host.coordinator()
                .listGroups(GroupLook.CALLER, new ListGroupsRequestData())
                .thenCompose(answer -> {
                    if (answer.errorCode() != Errors.NONE.code()) {
                        throw Errors.forCode(answer.errorCode()).exception();
                    }
                    List<String> names = answer.groups().stream()
                            .map(ListedGroup::groupId)
                            .sorted()
                            .toList();
                    List<CompletableFuture<List<Lag>>> lags = names.stream()
                            .limit(GROUPS_MAX)
                            .map(name -> new GroupLook(host.coordinator(), name)
                                    .committed()
                                    .thenApplyAsync(committed -> lags(name, committed), loop::execute)
                                    .toCompletableFuture())
                            .toList();
                    return CompletableFuture.allOf(lags.toArray(CompletableFuture[]::new))
                            .thenAccept(done -> report(
                                    names.size(),
                                    lags.stream()
                                            .flatMap(each -> each.join().stream())
                                            .toList()));
                });
    }

    private List<Lag> lags(String group, Map<Assigned, Long> committed) {
        Map<String, Long> byTopic = new TreeMap<>();
        committed.forEach((at, offset) -> {
            LogTopic topic = log.topic(tenant, at.topic());
            if (topic != null && at.partition() < topic.partitions()) {
                long lag =
                        GroupAdmin.lag(offset, topic.partition(at.partition()).offsets());
                byTopic.merge(at.topic(), lag, Long::sum);
            }
        });
        List<Lag> lags = new ArrayList<>();
        byTopic.forEach((topic, records) -> lags.add(new Lag(group, topic, records)));
        return lags;
    }

    /** The largest lags are told of when there are too many. */
    private void report(int groups, List<Lag> lags) {
        List<Lag> told = lags.size() <= LAGS_MAX
                ? lags
                : lags.stream()
                        .sorted(Comparator.comparingLong(Lag::records).reversed())
                        .limit(LAGS_MAX)
                        .toList();
        int hidden = Math.max(0, groups - GROUPS_MAX) + lags.size() - told.size();
        Report report = new Report(groups, told, hidden);
        listeners.forEach(each -> each.accept(report));
    }
}
