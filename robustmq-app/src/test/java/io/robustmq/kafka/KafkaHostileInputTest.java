/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import io.robustmq.mqtt.InProcessBroker;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that no client of ours would send: each ends in an answer or a close, and nobody else notices. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaHostileInputTest {
    private static final int CORRELATION_ID = 7;
    private static final int HEADER_BYTES = 61;
    private static final int ROUNDS = 1500;

    private static InProcessBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = InProcessBroker.options().groups(GroupMembers.QUICK).start();
        try (Socket socket = connect()) {
            assertThat(exchange(socket, metadata("victim"))).isNotNull();
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", broker.kafkaPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static byte[] request(ApiKeys api, int version, ApiMessage data) {
        return RawClient.request(new RequestHeader(api, (short) version, "fuzz", CORRELATION_ID), data);
    }

    private static byte[] metadata(String topic) {
        return request(
                ApiKeys.METADATA,
                9,
                new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(topic))));
    }

    private static MemoryRecords batch() {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1000, "k".getBytes(), "v".getBytes()));
    }

    private static byte[] produce(MemoryRecords records) {
        return request(
                ApiKeys.PRODUCE, 9, FileBroker.produce("victim", 0, records).setTimeoutMs(1000));
    }

    private static void send(Socket socket, byte[] frame) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(RawClient.framed(frame));
        out.flush();
    }

    /** The response behind its length; null when the connection was closed instead. */
    private static ByteBuffer exchange(Socket socket, byte[] frame) throws IOException {
        try {
            send(socket, frame);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] response = new byte[in.readInt()];
            in.readFully(response);
            ByteBuffer buffer = ByteBuffer.wrap(response);
            assertThat(buffer.getInt()).isEqualTo(CORRELATION_ID);
            return buffer;
        } catch (java.io.EOFException | java.net.SocketException closed) {
            return null;
        }
    }

    private static Errors produced(MemoryRecords records) throws IOException {
        try (Socket socket = connect()) {
            ByteBuffer response = exchange(socket, produce(records));
            assertThat(response).isNotNull();
            response.get(); // tagged fields of the header
            ProduceResponseData data = new ProduceResponseData(new ByteBufferAccessor(response), (short) 9);
            return Errors.forCode(data.responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .get(0)
                    .errorCode());
        }
    }

    @Test
    void aGroupDoesNotGrowBeyondItsLimit() throws IOException {
        try (Socket socket = connect()) {
            int members = 0;
            long deadline = System.nanoTime() + GroupMembers.PATIENCE.toNanos();
            Errors answer = Errors.COORDINATOR_LOAD_IN_PROGRESS;
            while (answer != Errors.GROUP_MAX_SIZE_REACHED) {
                assertThat(answer).isIn(Errors.NONE, Errors.COORDINATOR_LOAD_IN_PROGRESS);
                assertThat(System.nanoTime()).isLessThan(deadline);
                answer = heartbeat(socket, "member" + members);
                members += answer == Errors.NONE ? 1 : 0;
            }
            assertThat(members).isEqualTo(GroupMembers.QUICK.membersMax());
        }
    }

    private static Errors heartbeat(Socket socket, String member) throws IOException {
        ByteBuffer response = exchange(
                socket,
                request(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        0,
                        new ConsumerGroupHeartbeatRequestData()
                                .setGroupId("crowd")
                                .setMemberId(member)
                                .setMemberEpoch(0)
                                .setRebalanceTimeoutMs(1000)
                                .setSubscribedTopicNames(List.of("victim"))
                                .setTopicPartitions(List.of())));
        response.get(); // tagged fields of the header
        return Errors.forCode(
                new ConsumerGroupHeartbeatResponseData(new ByteBufferAccessor(response), (short) 0).errorCode());
    }

    @Test
    void whatAMemberSaysOfItselfIsBounded() throws IOException {
        try (Socket socket = connect()) {
            ByteBuffer response = exchange(
                    socket,
                    request(ApiKeys.JOIN_GROUP, 9, PlainGroupRequests.join("talkative", new byte[(1 << 20) + 1])));
            response.get(); // tagged fields of the header
            assertThat(Errors.forCode(
                            new JoinGroupResponseData(new ByteBufferAccessor(response), (short) 9).errorCode()))
                    .isEqualTo(Errors.INVALID_REQUEST);
        }
    }

    /** A field that an old version has no room for must not be set there. */
    @Test
    void everyVersionThatIsToldIsAnswered() throws IOException {
        ByteBuffer told;
        try (Socket socket = connect()) {
            told = exchange(socket, request(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData()));
        }
        ApiVersionsResponseData versions = new ApiVersionsResponseData(new ByteBufferAccessor(told), (short) 0);
        assertThat(versions.apiKeys()).hasSizeGreaterThanOrEqualTo(22);
        for (ApiVersionsResponseData.ApiVersion range : versions.apiKeys()) {
            ApiKeys api = ApiKeys.forId(range.apiKey());
            for (short version = api.oldestVersion(); version <= range.maxVersion(); version++) {
                try (Socket socket = connect()) {
                    assertThat(exchange(socket, request(api, version, plain(api, version))))
                            .as("%s %d", api, version)
                            .isNotNull();
                }
            }
        }
    }

    private static ApiMessage plain(ApiKeys api, short version) {
        return switch (api) {
            case PRODUCE -> plainProduce(version);
            case FETCH -> plainFetch(version);
            case LIST_OFFSETS ->
                new ListOffsetsRequestData()
                        .setTopics(List.of(new ListOffsetsRequestData.ListOffsetsTopic()
                                .setName("victim")
                                .setPartitions(
                                        List.of(new ListOffsetsRequestData.ListOffsetsPartition().setTimestamp(-1)))));
            // Any of each; what is not known closes the connection, as Kafka does.
            case DESCRIBE_ACLS ->
                new DescribeAclsRequestData()
                        .setResourceTypeFilter((byte) 1)
                        .setPatternTypeFilter((byte) 1)
                        .setOperation((byte) 1)
                        .setPermissionType((byte) 1);
            case METADATA -> new MetadataRequestData().setTopics(version == 0 ? List.of() : null);
            case CREATE_TOPICS ->
                new CreateTopicsRequestData()
                        .setTopics(new CreateTopicsRequestData.CreatableTopicCollection(
                                List.of(new CreateTopicsRequestData.CreatableTopic()
                                                .setName("made" + version)
                                                .setNumPartitions(1)
                                                .setReplicationFactor((short) 1))
                                        .iterator()));
            case FIND_COORDINATOR,
                    JOIN_GROUP,
                    SYNC_GROUP,
                    HEARTBEAT,
                    LEAVE_GROUP,
                    CONSUMER_GROUP_HEARTBEAT,
                    CONSUMER_GROUP_DESCRIBE,
                    OFFSET_COMMIT,
                    OFFSET_FETCH,
                    OFFSET_DELETE,
                    DESCRIBE_GROUPS,
                    LIST_GROUPS,
                    DELETE_GROUPS -> PlainGroupRequests.of(api, version, "victim", id());
            case DELETE_TOPICS ->
                version < 6
                        ? new DeleteTopicsRequestData().setTopicNames(List.of("none"))
                        : new DeleteTopicsRequestData()
                                .setTopics(List.of(new DeleteTopicsRequestData.DeleteTopicState().setName("none")));
            case DESCRIBE_CONFIGS ->
                new DescribeConfigsRequestData()
                        .setResources(List.of(new DescribeConfigsRequestData.DescribeConfigsResource()
                                .setResourceType((byte) 2)
                                .setResourceName("victim")));
            case API_VERSIONS ->
                new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1");
            default -> api.messageType.newRequest();
        };
    }

    private static ApiMessage plainProduce(short version) {
        return new ProduceRequestData()
                .setAcks((short) 1)
                .setTopicData(new TopicProduceDataCollection(List.of(new TopicProduceData()
                                .setName(version < 13 ? "victim" : "")
                                .setTopicId(version < 13 ? Uuid.ZERO_UUID : id())
                                .setPartitionData(List.of(
                                        new PartitionProduceData().setIndex(0).setRecords(batch()))))
                        .iterator()));
    }

    private static ApiMessage plainFetch(short version) {
        return new FetchRequestData()
                .setMaxBytes(1000)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(version < 13 ? "victim" : "")
                        .setTopicId(version < 13 ? Uuid.ZERO_UUID : id())
                        .setPartitions(List.of(new FetchRequestData.FetchPartition().setPartitionMaxBytes(1000)))));
    }

    private static Uuid id() {
        TopicId id =
                broker.broker().ports().log().topic(Tenants.DEFAULT, "victim").id();
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }

    @Test
    void everyCutOfARequestEndsInACloseOrAnAnswer() throws IOException {
        byte[] whole = produce(batch());
        try (Socket witness = connect()) {
            for (int length = 1; length < whole.length; length++) {
                try (Socket socket = connect()) {
                    exchange(socket, java.util.Arrays.copyOf(whole, length));
                }
            }
            assertThat(exchange(witness, metadata("victim"))).isNotNull();
        }
    }

    @Test
    void randomDamageEndsInACloseOrAnAnswer() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[][] seeds = {produce(batch()), metadata("victim")};
        try (Socket witness = connect()) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] frame = seeds[round % seeds.length].clone();
                // Acknowledgements stay: without them there is nothing to wait for.
                for (int i = random.nextInt(4); i >= 0; i--) {
                    frame[20 + random.nextInt(frame.length - 20)] = (byte) random.nextInt();
                }
                try (Socket socket = connect()) {
                    socket.shutdownInput();
                    send(socket, frame);
                } catch (java.net.SocketException closed) {
                    continue;
                }
            }
            assertThat(exchange(witness, metadata("victim")))
                    .as("seed %d", seed)
                    .isNotNull();
        }
    }

    @Test
    void lyingLengthsCloseTheConnectionAndTakeNoMemory() throws IOException {
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, (100 << 20) + 1}) {
            try (Socket socket = connect()) {
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(4).putInt(length).array());
                assertThat(socket.getInputStream().read()).as("%d", length).isEqualTo(-1);
            }
        }
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(5).putInt(100 << 20).array());
            assertThat(broker.budget().usedBytes()).isLessThan(1 << 20);
        }
    }

    @Test
    void unknownApisAndVersionsCloseTheConnection() throws IOException {
        for (short[] keyAndVersion : new short[][] {{9999, 0}, {-1, 0}, {0, 99}, {0, 2}, {3, -1}}) {
            byte[] frame = metadata("victim");
            ByteBuffer.wrap(frame).putShort(keyAndVersion[0]).putShort(keyAndVersion[1]);
            try (Socket socket = connect()) {
                assertThat(exchange(socket, frame)).as("%s", keyAndVersion).isNull();
            }
        }
    }

    @Test
    void anUnknownVersionOfApiVersionsIsAnsweredInVersionZero() throws IOException {
        byte[] frame = ByteBuffer.allocate(12)
                .putShort(ApiKeys.API_VERSIONS.id)
                .putShort((short) 99)
                .putInt(CORRELATION_ID)
                .putInt(-1)
                .array();
        try (Socket socket = connect()) {
            ByteBuffer response = exchange(socket, frame);
            ApiVersionsResponseData data = new ApiVersionsResponseData(new ByteBufferAccessor(response), (short) 0);
            assertThat(data.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
            assertThat(data.apiKeys()).hasSize(1);
            assertThat(exchange(socket, metadata("victim"))).isNotNull();
        }
    }

    @Test
    void batchesThatAreNotRightAreRefusedByName() throws IOException {
        assertThat(produced(batch())).isEqualTo(Errors.NONE);
        assertThat(produced(changed(HEADER_BYTES + 3))).isEqualTo(Errors.CORRUPT_MESSAGE);
        assertThat(produced(changed(16))).as("magic").isEqualTo(Errors.CORRUPT_MESSAGE);
        ByteBuffer one = batch().buffer();
        ByteBuffer two =
                ByteBuffer.allocate(2 * one.remaining()).put(one.duplicate()).put(one);
        assertThat(produced(MemoryRecords.readableRecords(two.flip()))).isEqualTo(Errors.INVALID_RECORD);
        assertThat(produced(MemoryRecords.withTransactionalRecords(
                        Compression.NONE, 5, (short) 0, 0, new SimpleRecord("x".getBytes()))))
                .isEqualTo(Errors.INVALID_TXN_STATE);
    }

    private static MemoryRecords changed(int position) {
        ByteBuffer bytes =
                ByteBuffer.allocate(batch().sizeInBytes()).put(batch().buffer()).flip();
        bytes.put(position, (byte) (bytes.get(position) + 1));
        return MemoryRecords.readableRecords(bytes);
    }

    @Test
    void responsesLeaveInTheOrderOfTheRequests() throws IOException {
        try (Socket socket = connect()) {
            for (int i = 0; i < 100; i++) {
                byte[] frame = i % 2 == 0 ? produce(batch()) : metadata("victim");
                ByteBuffer.wrap(frame).putInt(4, i);
                send(socket, frame);
            }
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 100; i++) {
                byte[] response = new byte[in.readInt()];
                in.readFully(response);
                assertThat(ByteBuffer.wrap(response).getInt()).isEqualTo(i);
            }
        }
    }
}
