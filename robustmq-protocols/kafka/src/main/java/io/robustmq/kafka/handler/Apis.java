/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.connection.Requests;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** The APIs that are really there: this table is what clients are told. Immutable. */
public final class Apis implements Requests {
    private final Map<ApiKeys, Requests> handlers = new EnumMap<>(ApiKeys.class);

    private Apis(KafkaServices services) {
        Topics topics = new Topics(services);
        ViewSearch views = new ViewSearch(services, topics);
        Clusters clusters = new Clusters(services);
        handlers.put(ApiKeys.PRODUCE, new ProduceHandler(services, topics)::handle);
        handlers.put(ApiKeys.FETCH, new FetchHandler(services, topics)::handle);
        handlers.put(ApiKeys.LIST_OFFSETS, new ListOffsetsHandler(topics)::handle);
        handlers.put(ApiKeys.METADATA, new MetadataHandler(services, topics, views)::handle);
        handlers.put(ApiKeys.CREATE_TOPICS, new CreateTopicsHandler(services, topics)::handle);
        handlers.put(ApiKeys.DELETE_TOPICS, new DeleteTopicsHandler(services, topics)::handle);
        handlers.put(ApiKeys.DESCRIBE_CONFIGS, new DescribeConfigsHandler(services, topics)::handle);
        handlers.put(
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS, new DescribeTopicPartitionsHandler(services, topics, views)::handle);
        handlers.put(ApiKeys.CREATE_PARTITIONS, new CreatePartitionsHandler(services, topics)::handle);
        handlers.put(ApiKeys.DELETE_RECORDS, new DeleteRecordsHandler(services, topics)::handle);
        handlers.put(ApiKeys.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochHandler(topics)::handle);
        AlterConfigsHandler alterConfigs = new AlterConfigsHandler(services, topics);
        handlers.put(ApiKeys.ALTER_CONFIGS, alterConfigs::replace);
        handlers.put(ApiKeys.INCREMENTAL_ALTER_CONFIGS, alterConfigs::change);
        handlers.put(ApiKeys.DESCRIBE_LOG_DIRS, new DescribeLogDirsHandler(services, topics)::handle);
        handlers.put(ApiKeys.INIT_PRODUCER_ID, new InitProducerIdHandler(services)::handle);
        handlers.put(ApiKeys.DESCRIBE_CLUSTER, clusters::describe);
        handlers.put(ApiKeys.SASL_HANDSHAKE, Exchange::login);
        handlers.put(ApiKeys.SASL_AUTHENTICATE, Exchange::login);
        AclHandler acls = new AclHandler(services);
        handlers.put(ApiKeys.DESCRIBE_ACLS, acls::describe);
        handlers.put(ApiKeys.CREATE_ACLS, acls::create);
        handlers.put(ApiKeys.DELETE_ACLS, acls::delete);
        QuotaHandler quotas = new QuotaHandler(services);
        handlers.put(ApiKeys.DESCRIBE_CLIENT_QUOTAS, quotas::describe);
        handlers.put(ApiKeys.ALTER_CLIENT_QUOTAS, quotas::alter);
        groups(new GroupCalls(services), topics);
        handlers.put(ApiKeys.API_VERSIONS, exchange -> {});
        ApiVersionsHandler versions = new ApiVersionsHandler(services, Set.copyOf(handlers.keySet()));
        handlers.put(ApiKeys.API_VERSIONS, versions::handle);
    }

    private void groups(GroupCalls calls, Topics topics) {
        GroupHandler members = new GroupHandler(calls, topics);
        handlers.put(ApiKeys.FIND_COORDINATOR, members::findCoordinator);
        handlers.put(ApiKeys.JOIN_GROUP, members::join);
        handlers.put(ApiKeys.SYNC_GROUP, members::sync);
        handlers.put(ApiKeys.HEARTBEAT, members::heartbeat);
        handlers.put(ApiKeys.LEAVE_GROUP, members::leave);
        handlers.put(ApiKeys.CONSUMER_GROUP_HEARTBEAT, members::consumerHeartbeat);
        OffsetHandler offsets = new OffsetHandler(calls, topics);
        handlers.put(ApiKeys.OFFSET_COMMIT, offsets::commit);
        handlers.put(ApiKeys.OFFSET_FETCH, offsets::fetch);
        handlers.put(ApiKeys.OFFSET_DELETE, offsets::delete);
        GroupAdminHandler admin = new GroupAdminHandler(calls, topics);
        handlers.put(ApiKeys.LIST_GROUPS, admin::list);
        handlers.put(ApiKeys.DESCRIBE_GROUPS, admin::describe);
        handlers.put(ApiKeys.CONSUMER_GROUP_DESCRIBE, admin::describeConsumers);
        handlers.put(ApiKeys.DELETE_GROUPS, admin::delete);
    }

    public static Apis of(KafkaServices services) {
        return new Apis(services);
    }

    /** A client that has asked what there is does not ask for anything else; one that has not is told. */
    @Override
    public void handle(Exchange exchange) {
        Requests handler = handlers.get(exchange.request().api());
        if (handler == null) {
            exchange.fail(
                    Errors.UNSUPPORTED_VERSION.exception(exchange.request().api() + " is not in this build"));
        } else {
            handler.handle(exchange);
        }
    }
}
