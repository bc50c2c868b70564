/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcResponseFactory;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;

/**
 * Puts raft on the inner gRPC port; found by jraft through META-INF/services and preferred by its priority. jraft keeps one
 * per JVM, so it is stateless: who lives where is in {@link RaftAddresses}.
 */
@SPI(name = "robustmq", priority = 100)
public final class SharedPortRaftRpcFactory implements RaftRpcFactory {
    private static final RpcResponseFactory RESPONSES = new RaftResponses();

    @Override
    public void registerProtobufSerializer(String className, Object... arguments) {
        // The methods of RaftMethods carry their own marshallers.
    }

    @Override
    public RpcClient createRpcClient(ConfigHelper<RpcClient> helper) {
        RpcClient client = new SharedPortRpcClient();
        if (helper != null) {
            helper.config(client);
        }
        return client;
    }

    @Override
    public RpcServer createRpcServer(Endpoint endpoint, ConfigHelper<RpcServer> helper) {
        throw new UnsupportedOperationException("raft has no server of its own; it shares the inner port");
    }

    @Override
    public RpcResponseFactory getRpcResponseFactory() {
        return RESPONSES;
    }
}
