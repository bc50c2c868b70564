/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaOptions;
import io.robustmq.kafka.connection.KafkaServices;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.Errors;

/** Who is in the cluster: this broker, at the address that its clients use. Immutable. */
final class Clusters {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final KafkaServices services;
    private final KafkaOptions options;

    Clusters(KafkaServices services) {
        this.services = services;
        this.options = services.options();
    }

    void describe(Exchange exchange) {
        DescribeClusterRequestData request =
                (DescribeClusterRequestData) exchange.request().data();
        DescribeClusterResponseData response = new DescribeClusterResponseData();
        if (request.endpointType() != BROKERS) {
            Errors error = request.endpointType() == CONTROLLERS
                    ? Errors.MISMATCHED_ENDPOINT_TYPE
                    : Errors.UNSUPPORTED_ENDPOINT_TYPE;
            exchange.reply(response.setErrorCode(error.code()).setErrorMessage(error.message()));
            return;
        }
        response.setClusterId(options.clusterId()).setControllerId(options.nodeId());
        response.brokers()
                .add(new DescribeClusterBroker()
                        .setBrokerId(options.nodeId())
                        .setHost(exchange.address().host())
                        .setPort(exchange.address().port()));
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(
                    Operations.ofCluster(services.ports().access()));
        }
        exchange.reply(response);
    }
}
