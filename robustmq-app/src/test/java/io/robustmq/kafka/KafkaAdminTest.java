/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.mqtt.InProcessBroker;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What administrators do with Kafka's own client. */
class KafkaAdminTest {
    @TempDir
    static Path directory;

    private static InProcessBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options().data(directory).start();
        admin = JavaClients.of(broker).admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static void create(String name, int partitions, Map<String, String> config) throws Exception {
        get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config)))
                .all());
    }

    private static void produce(String topic, int partition, int count) throws Exception {
        Properties config = new Properties();
        config.put("bootstrap.servers", "127.0.0.1:" + broker.kafkaPort());
        config.put("enable.idempotence", "false");
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, partition, ("k" + i).getBytes(UTF_8), new byte[10]))
                        .get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static ConfigResource topic(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private static Config settings(ConfigResource resource) throws Exception {
        return get(admin.describeConfigs(
                        List.of(resource),
                        new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(true))
                .values()
                .get(resource));
    }

    private static void change(String topic, OpType type, String name, String value) throws Exception {
        get(admin.incrementalAlterConfigs(
                        Map.of(topic(topic), List.of(new AlterConfigOp(new ConfigEntry(name, value), type))))
                .all());
    }

    @Test
    void aTopicGetsMorePartitionsAndServesThemAtOnce() throws Exception {
        create("growing", 2, Map.of());
        produce("growing", 0, 3);
        get(admin.createPartitions(
                        Map.of("growing", NewPartitions.increaseTo(5)),
                        new CreatePartitionsOptions().validateOnly(true))
                .all());
        assertThat(partitions("growing")).isEqualTo(2);

        get(admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(5)))
                .all());

        assertThat(partitions("growing")).isEqualTo(5);
        produce("growing", 4, 2);
        assertThat(endOf("growing", 0)).isEqualTo(3);
        assertThat(endOf("growing", 4)).isEqualTo(2);
        assertThatThrownBy(() -> get(admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(5)))
                        .all()))
                .hasCauseInstanceOf(InvalidPartitionsException.class)
                .hasMessageContaining("already has 5");
        assertThatThrownBy(() -> get(admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(3)))
                        .all()))
                .hasCauseInstanceOf(InvalidPartitionsException.class);
        assertThatThrownBy(() ->
                        get(admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(6, List.of(List.of(9)))))
                                .all()))
                .hasCauseInstanceOf(InvalidReplicaAssignmentException.class);
        assertThatThrownBy(() -> get(admin.createPartitions(Map.of("nobody", NewPartitions.increaseTo(3)))
                        .all()))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        assertThatThrownBy(() -> get(admin.createPartitions(Map.of("mqtt", NewPartitions.increaseTo(20)))
                        .all()))
                .hasCauseInstanceOf(PolicyViolationException.class)
                .hasMessageContaining("placed by their subject");
    }

    private static int partitions(String topic) throws Exception {
        return get(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions()
                .size();
    }

    private static long endOf(String topic, int partition) throws Exception {
        TopicPartition asked = new TopicPartition(topic, partition);
        return get(admin.listOffsets(Map.of(asked, OffsetSpec.latest())).partitionResult(asked))
                .offset();
    }

    @Test
    void recordsAreDeletedUpToAnOffset() throws Exception {
        create("trimmed", 1, Map.of());
        create("compacted", 1, Map.of("cleanup.policy", "compact"));
        produce("trimmed", 0, 10);
        TopicPartition partition = new TopicPartition("trimmed", 0);

        assertThat(delete(partition, 4)).isEqualTo(4);
        assertThat(get(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                                .partitionResult(partition))
                        .offset())
                .isEqualTo(4);
        assertThat(delete(partition, 2)).as("gone already").isEqualTo(4);
        assertThatThrownBy(() -> delete(partition, 11)).hasCauseInstanceOf(OffsetOutOfRangeException.class);
        assertThat(delete(partition, -1)).as("all that are committed").isEqualTo(10);
        assertThatThrownBy(() -> delete(new TopicPartition("compacted", 0), 0))
                .hasCauseInstanceOf(PolicyViolationException.class);
    }

    private static long delete(TopicPartition partition, long before) throws Exception {
        return get(admin.deleteRecords(
                                Map.of(partition, RecordsToDelete.beforeOffset(before)),
                                new org.apache.kafka.clients.admin.DeleteRecordsOptions().timeoutMs(5000))
                        .lowWatermarks()
                        .get(partition))
                .lowWatermark();
    }

    @Test
    void everySettingIsShownWithItsSource() throws Exception {
        create("shown", 1, Map.of("retention.ms", "3600000"));
        Config shown = settings(topic("shown"));

        assertThat(shown.get("retention.ms").source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(shown.get("retention.ms").synonyms())
                .extracting(ConfigEntry.ConfigSynonym::name, ConfigEntry.ConfigSynonym::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("retention.ms", "3600000"),
                        org.assertj.core.groups.Tuple.tuple("log.retention.ms", "604800000"));
        assertThat(shown.get("cleanup.policy").source()).isEqualTo(ConfigSource.DEFAULT_CONFIG);
        assertThat(shown.get("cleanup.policy").value()).isEqualTo("delete");
        assertThat(shown.get("cleanup.policy").type()).isEqualTo(ConfigEntry.ConfigType.LIST);
        assertThat(shown.entries()).allSatisfy(entry -> {
            assertThat(entry.documentation()).isNotBlank();
            assertThat(entry.value()).isNotBlank();
        });
        assertThat(shown.get("segment.bytes")).as("rocksdb has no segments").isNull();
        Config node = settings(new ConfigResource(ConfigResource.Type.BROKER, "1"));
        assertThat(node.get("num.partitions").value()).isEqualTo("1");
        assertThat(node.get("num.partitions").isReadOnly()).isTrue();
        assertThatThrownBy(() -> settings(topic("nobody"))).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void settingsAreChangedOneByOne() throws Exception {
        create("altered", 1, Map.of("retention.ms", "3600000"));
        change("altered", OpType.SET, "max.message.bytes", "5000");
        change("altered", OpType.APPEND, "cleanup.policy", "compact");
        change("altered", OpType.DELETE, "retention.ms", null);
        Config shown = settings(topic("altered"));

        assertThat(shown.get("max.message.bytes").value()).isEqualTo("5000");
        assertThat(shown.get("cleanup.policy").value()).isEqualTo("delete,compact");
        assertThat(shown.get("retention.ms").source()).isEqualTo(ConfigSource.DEFAULT_CONFIG);
        change("altered", OpType.SUBTRACT, "cleanup.policy", "delete");
        assertThat(settings(topic("altered")).get("cleanup.policy").value()).isEqualTo("compact");

        Collection<AlterConfigOp> soon = List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1"), OpType.SET));
        get(admin.incrementalAlterConfigs(Map.of(topic("altered"), soon), new AlterConfigsOptions().validateOnly(true))
                .all());
        assertThat(settings(topic("altered")).get("retention.ms").value()).isEqualTo("604800000");
        assertThatThrownBy(() -> change("altered", OpType.SET, "flush.ms", "1"))
                .hasCauseInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("does not act here");
        assertThatThrownBy(() -> change("altered", OpType.APPEND, "retention.ms", "1"))
                .hasCauseInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("LIST");
        assertThatThrownBy(() -> change("nobody", OpType.SET, "retention.ms", "1"))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
        assertThatThrownBy(() -> get(admin.incrementalAlterConfigs(Map.of(
                                node, List.of(new AlterConfigOp(new ConfigEntry("num.partitions", "2"), OpType.SET))))
                        .all()))
                .hasCauseInstanceOf(InvalidRequestException.class);
    }

    @Test
    void whatWouldBeCreatedIsSaidAndNotCreated() throws Exception {
        CreateTopicsOptions only = new CreateTopicsOptions().validateOnly(true);
        NewTopic wanted = new NewTopic("imagined", 3, (short) -1).configs(Map.of("retention.ms", "5000"));
        var imagined = admin.createTopics(List.of(wanted), only);

        assertThat(get(imagined.numPartitions("imagined"))).isEqualTo(3);
        assertThat(get(imagined.config("imagined")).get("retention.ms").value()).isEqualTo("5000");
        assertThat(get(imagined.config("imagined")).get("cleanup.policy").source())
                .isEqualTo(ConfigSource.DEFAULT_CONFIG);
        assertThat(get(admin.listTopics().names())).doesNotContain("imagined");
        assertThatThrownBy(() -> get(admin.createTopics(List.of(new NewTopic("mqtt", 1, (short) 1)), only)
                        .all()))
                .hasCauseInstanceOf(TopicExistsException.class);
        NewTopic odd = new NewTopic("imagined", 1, (short) 1).configs(Map.of("retention.ms", "soon"));
        assertThatThrownBy(() -> get(admin.createTopics(List.of(odd), only).all()))
                .hasCauseInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void replicasArePlacedByHandWhereTheyWouldBeAnyway() throws Exception {
        NewTopic here = new NewTopic("placed", Map.of(0, List.of(1), 1, List.of(1)));
        assertThat(get(admin.createTopics(List.of(here)).numPartitions("placed")))
                .isEqualTo(2);
        for (Map<Integer, List<Integer>> wrong :
                List.of(Map.of(0, List.of(2)), Map.of(0, List.of(1, 2)), Map.of(1, List.of(1)))) {
            assertThatThrownBy(() -> get(admin.createTopics(List.of(new NewTopic("misplaced", wrong)))
                            .all()))
                    .hasCauseInstanceOf(InvalidReplicaAssignmentException.class);
        }
    }

    @Test
    void manyPartitionsAreDescribedInParts() throws Exception {
        create("paged.a", 5, Map.of());
        create("paged.b", 4, Map.of());
        var described = get(admin.describeTopics(
                        List.of("paged.a", "paged.b"), new DescribeTopicsOptions().partitionSizeLimitPerResponse(3))
                .allTopicNames());

        assertThat(described.get("paged.a").partitions()).hasSize(5);
        assertThat(described.get("paged.b").partitions()).hasSize(4);
    }

    @Test
    void directoriesSayWhatTheyHold() throws Exception {
        create("stored", 2, Map.of());
        produce("stored", 1, 20);
        var directories =
                get(admin.describeLogDirs(List.of(1)).allDescriptions()).get(1);
        TopicPartition partition = new TopicPartition("stored", 1);

        assertThat(directories.values()).anySatisfy(held -> {
            assertThat(held.replicaInfos()).containsKey(partition);
            assertThat(held.replicaInfos().get(partition).size()).isPositive();
        });
        assertThat(directories).containsKey("memory");
    }
}
