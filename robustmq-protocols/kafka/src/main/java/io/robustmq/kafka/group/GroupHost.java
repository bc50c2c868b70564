/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import com.yammer.metrics.core.MetricsRegistry;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.TopicId;
import io.robustmq.protocol.CoordinatorPartition;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.Ports;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Plugin;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorRuntimeMetrics;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's group coordinator on our log. It has threads of its own, on which its answers complete. Thread-safe: the
 * coordinator is, and what is ours is confined to the groups' loop.
 */
public final class GroupHost {
    private static final Logger LOG = LoggerFactory.getLogger(GroupHost.class);
    private static final String PROTOCOL = "kafka";
    private static final String NAME = "group-coordinator";
    private static final long PAUSE_MILLIS_MIN = 1000;
    private static final long PAUSE_MILLIS_MAX = 30_000;
    private static final int FIRST_EPOCH = 1;
    private static final long VIEWS_MILLIS = 5_000;

    private final Ports ports;
    private final String tenant;
    private final Loop loop;
    private final int[] epochs;
    private final long[] pauseMillis;
    private final Metrics metrics = new Metrics();
    private final MetricsRegistry gauges = new MetricsRegistry();
    private final GroupCoordinatorService service;
    private final TopicMirror mirror;
    private final List<Cancellable> following = new ArrayList<>();
    private boolean refreshing;
    private volatile boolean closed;

    GroupHost(
            Ports ports, GroupOptions options, int nodeId, List<CoordinatorPartition> logs, Loop loop, String tenant) {
        this.ports = ports;
        this.tenant = tenant;
        this.loop = loop;
        this.epochs = new int[logs.size()];
        this.pauseMillis = new long[logs.size()];
        Arrays.fill(pauseMillis, PAUSE_MILLIS_MIN);
        List<OffsetsPartition> partitions = new ArrayList<>();
        for (int i = 0; i < logs.size(); i++) {
            int partition = i;
            partitions.add(new OffsetsPartition(
                    new TopicPartition(Groups.TOPIC, i),
                    logs.get(i),
                    loop.clock(),
                    (cause, pause) -> later(0, () -> reload(partition, cause, pause))));
        }
        OffsetsTopic topic = new OffsetsTopic(partitions, GroupSettings.BATCH_BYTES_MAX, loop, this::loaded);
        GroupCoordinatorConfig config = GroupCoordinatorConfig.fromProps(GroupSettings.of(options, logs.size()));
        Map<String, Object> none = Map.of();
        this.service = new GroupCoordinatorService.Builder(nodeId, config)
                .withWriter(topic)
                .withLoader(topic)
                .withTime(Time.SYSTEM)
                .withTimer(new SystemTimerReaper(NAME + "-reaper", new SystemTimer(NAME)))
                .withCoordinatorRuntimeMetrics(new GroupCoordinatorRuntimeMetrics(metrics))
                .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(gauges, metrics))
                .withGroupConfigManager(new GroupConfigManager(config, ShareGroupConfig.fromProps(none)))
                .withPersister(new NoOpStatePersister())
                .withAuthorizerPlugin(Optional.of(Plugin.wrapInstance(
                        new TopicAuthorizer(ports.access(), ports.log()), metrics, "authorizer.class.name")))
                .withPartitionMetadataClient(new NoShareLag())
                .build();
        this.mirror = new TopicMirror(nodeId, service::onMetadataUpdate);
    }

    /** On the groups' loop. */
    void start() {
        service.startup(() -> epochs.length);
        following.add(ports.log().onChange(() -> later(0, this::refreshSoon)));
        following.add(ports.log().onViewEnd((of, name, id) -> later(0, () -> viewEnded(of, name, id))));
        mirror.follow(topics());
        for (int partition = 0; partition < epochs.length; partition++) {
            elect(partition);
        }
    }

    /** Lets patterns of members match views, too: from now on those that are listed are known before a member names them. */
    void followViews() {
        ports.log().views(tenant).whenComplete((views, failure) -> {
            if (failure == null) {
                later(
                        0,
                        () -> mirror.see(views.stream()
                                .filter(view -> view.isVisibleTo(PROTOCOL) && Topic.isValid(view.name()))
                                .toList()));
            }
            later(VIEWS_MILLIS, this::followViews);
        });
    }

    /** Its answers complete on threads of its own. */
    public GroupCoordinator coordinator() {
        return service;
    }

    /** Completes when the coordinator knows the topics, which may have been created a moment ago. */
    public CompletionStage<Void> shown(Collection<LogTopic> topics) {
        if (mirror.shows(topics)) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Void> shown = new CompletableFuture<>();
        loop.execute(() -> {
            if (!closed) {
                mirror.see(topics);
            }
            shown.complete(null);
        });
        return shown;
    }

    private void later(long delayMillis, Runnable task) {
        loop.schedule(delayMillis, () -> {
            if (!closed) {
                task.run();
            }
        });
    }

    /** Many topics that come together are shown together. */
    private void refreshSoon() {
        if (!refreshing) {
            refreshing = true;
            later(GroupSettings.REFRESH_MILLIS, () -> {
                refreshing = false;
                mirror.follow(topics());
            });
        }
    }

    /** The offsets that groups have for the name are not those of the topic that has it now. */
    private void viewEnded(String of, String name, TopicId id) {
        if (of.equals(tenant)) {
            mirror.forget(name, id);
            mirror.follow(topics());
        }
    }

    private List<LogTopic> topics() {
        return ports.log().topics(tenant).stream()
                .filter(topic -> topic.isVisibleTo(PROTOCOL))
                .toList();
    }

    private void elect(int partition) {
        service.onElection(partition, epochs[partition] + FIRST_EPOCH);
        epochs[partition] += FIRST_EPOCH;
    }

    /** What the coordinator believes was not kept: it is thrown away and read again. */
    private void reload(int partition, Throwable cause, long pauseMillis) {
        LOG.warn(
                "partition {} of {} is loaded again, because an append has failed, and takes no other for {} ms: {}",
                partition,
                Groups.TOPIC,
                pauseMillis,
                cause.toString());
        // Whatever its epoch: the runtime lets go for a later one only, and loads nothing that it has not let go.
        service.onResignation(partition, OptionalInt.empty());
        elect(partition);
    }

    private void loaded(int partition, @Nullable Throwable failure) {
        later(0, () -> {
            if (failure == null) {
                pauseMillis[partition] = PAUSE_MILLIS_MIN;
                return;
            }
            long pause = pauseMillis[partition];
            pauseMillis[partition] = Math.min(2 * pause, PAUSE_MILLIS_MAX);
            LOG.warn("partition {} of {} is tried again in {} ms", partition, Groups.TOPIC, pause, failure);
            later(pause, () -> elect(partition));
        });
    }

    boolean isClosed() {
        return closed;
    }

    /** On the groups' loop: ends the coordinator's threads. */
    void close() {
        closed = true;
        following.forEach(Cancellable::cancel);
        service.shutdown();
        gauges.shutdown();
        metrics.close();
    }
}
