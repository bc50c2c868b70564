/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.index.SubjectMatcher;
import io.robustmq.kernel.TopicId;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** The records of one subject in a wildcard topic, shown as a topic of one partition. Immutable. */
final class LogView implements LogTopic {
    private final ServedTopic source;
    private final Directory.TopicName fullName;
    private final TopicId id;
    private final Terms terms;
    private final LogPartition partition;

    /** @param matcher of the subject; from now on the view's own */
    LogView(
            Broker broker,
            ServedTopic source,
            ShardHandle shard,
            Directory.TopicName fullName,
            SubjectMatcher matcher) {
        this.source = source;
        this.fullName = fullName;
        this.id = derivedId(source, fullName);
        this.terms = terms(source);
        this.partition = new LogViewShard(broker, this, shard, matcher);
    }

    /**
     * The same on every node and after every restart, and another one when the topic was created anew. Topic ids are unique across
     * clusters, so the cluster's name adds nothing.
     */
    private static TopicId derivedId(ServedTopic source, Directory.TopicName name) {
        String all = "view\n" + name.tenant() + "\n" + source.info().id() + "\n" + name.name();
        return TopicId.of(UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)));
    }

    ServedTopic source() {
        return source;
    }

    Directory.TopicName fullName() {
        return fullName;
    }

    boolean isIn(ServedTopic topic) {
        return topic.shards() == source.shards();
    }

    @Override
    public String name() {
        return fullName.name();
    }

    @Override
    public TopicId id() {
        return id;
    }

    @Override
    public List<String> bindings() {
        return List.of(fullName.name());
    }

    @Override
    public boolean wildcard() {
        return false;
    }

    @Override
    public boolean view() {
        return true;
    }

    @Override
    public String settingsOf() {
        return source.info().name();
    }

    @Override
    public boolean isVisibleTo(String protocol) {
        return source.isVisibleTo(protocol);
    }

    @Override
    public boolean keyRequired() {
        return false;
    }

    /** Those of its topic; but to delete records here would take those of other subjects. */
    private static Terms terms(ServedTopic source) {
        Terms all = TopicSettings.terms(source.info());
        return new Terms(
                all.appendTime(),
                all.timestampBeforeMaxMillis(),
                all.timestampAfterMaxMillis(),
                all.minInSyncReplicas(),
                false);
    }

    @Override
    public Terms terms() {
        return terms;
    }

    @Override
    public int partitions() {
        return 1;
    }

    @Override
    public LogPartition partition(int index) {
        return partition;
    }
}
