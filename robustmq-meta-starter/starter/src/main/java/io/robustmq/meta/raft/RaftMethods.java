/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Raft's requests as unary gRPC methods, by class of the request. Immutable. */
final class RaftMethods {
    static final String SERVICE = "robustmq.raft.Raft";

    private static final Map<String, MethodDescriptor<Message, Message>> BY_REQUEST = new LinkedHashMap<>();

    static {
        put(AppendEntriesRequest.getDefaultInstance(), AppendEntriesResponse.getDefaultInstance());
        put(GetFileRequest.getDefaultInstance(), GetFileResponse.getDefaultInstance());
        put(InstallSnapshotRequest.getDefaultInstance(), InstallSnapshotResponse.getDefaultInstance());
        put(RequestVoteRequest.getDefaultInstance(), RequestVoteResponse.getDefaultInstance());
        put(PingRequest.getDefaultInstance(), ErrorResponse.getDefaultInstance());
        put(TimeoutNowRequest.getDefaultInstance(), TimeoutNowResponse.getDefaultInstance());
        put(ReadIndexRequest.getDefaultInstance(), ReadIndexResponse.getDefaultInstance());
    }

    private RaftMethods() {}

    /** The method that carries requests of the class; null for jraft's command-line requests, which we do not serve. */
    static @Nullable MethodDescriptor<Message, Message> ofRequest(String className) {
        return BY_REQUEST.get(className);
    }

    private static void put(Message request, Message response) {
        String name = request.getDescriptorForType().getName().replace("Request", "");
        MethodDescriptor<Message, Message> method = MethodDescriptor.<Message, Message>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(response))
                .build();
        BY_REQUEST.put(request.getClass().getName(), method);
    }
}
