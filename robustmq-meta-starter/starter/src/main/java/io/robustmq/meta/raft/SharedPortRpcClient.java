/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.ThreadPoolsFactory;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.robustmq.rpc.InnerRpcChannels;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One raft member's way to the other members' inner ports. Thread-safe. */
final class SharedPortRpcClient implements RpcClient {
    /** The pool of those groups that have none of their own; a lock of jraft may be waited for there. */
    private static final String ANY_GROUP = "";

    private volatile @Nullable InnerRpcChannels channels;
    private final Set<Endpoint> watched = ConcurrentHashMap.newKeySet();
    private final List<ReplicatorGroup> replicatorGroups = new CopyOnWriteArrayList<>();

    @Override
    public boolean init(RpcOptions options) {
        // Anything else would be a client that proves nothing and asks for nothing.
        channels = new InnerRpcChannels(((InnerNodeOptions) options).security());
        return true;
    }

    @Override
    public void shutdown() {
        InnerRpcChannels closing = channels;
        if (closing != null) {
            closing.close();
        }
    }

    @Override
    public boolean checkConnection(Endpoint endpoint) {
        return checkConnection(endpoint, true);
    }

    /**
     * True unless the member is unknown: jraft would otherwise ping a dead peer and block an election timer for a second.
     * Calls to it fail at once and are repeated by the replicator or the next vote.
     */
    @Override
    public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
        try {
            channel(endpoint);
            return true;
        } catch (RemotingException e) {
            return false;
        }
    }

    @Override
    public void closeConnection(Endpoint endpoint) {
        String address = RaftAddresses.address(endpoint);
        InnerRpcChannels open = channels;
        if (address != null && open != null) {
            watched.remove(endpoint);
            open.close(address);
        }
    }

    @Override
    public void registerConnectEventListener(ReplicatorGroup group) {
        replicatorGroups.add(group);
    }

    @Override
    public Object invokeSync(Endpoint endpoint, Object request, InvokeContext context, long timeoutMillis)
            throws RemotingException {
        try {
            return ClientCalls.blockingUnaryCall(
                    channel(endpoint), method(request), options(timeoutMillis), (Message) request);
        } catch (StatusRuntimeException e) {
            throw remoting(endpoint, e);
        }
    }

    @Override
    public void invokeAsync(
            Endpoint endpoint, Object request, InvokeContext context, InvokeCallback callback, long timeoutMillis)
            throws RemotingException {
        Executor executor = callback.executor() == null ? Runnable::run : callback.executor();
        ClientCalls.asyncUnaryCall(
                channel(endpoint).newCall(method(request), options(timeoutMillis)),
                (Message) request,
                new StreamObserver<Message>() {
                    private @Nullable Message response;

                    @Override
                    public void onNext(Message value) {
                        response = value;
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        complete(executor, callback, null, remoting(endpoint, thrown));
                    }

                    @Override
                    public void onCompleted() {
                        complete(executor, callback, response, null);
                    }
                });
    }

    private static void complete(
            Executor executor, InvokeCallback callback, @Nullable Message response, @Nullable Throwable error) {
        try {
            executor.execute(() -> callback.complete(response, error));
        } catch (RejectedExecutionException e) {
            // The member is shutting down; nobody waits for the answer any more.
        }
    }

    private static CallOptions options(long timeoutMillis) {
        return CallOptions.DEFAULT
                .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
                .withExecutor(Runnable::run);
    }

    private static MethodDescriptor<Message, Message> method(Object request) throws RemotingException {
        MethodDescriptor<Message, Message> method =
                RaftMethods.ofRequest(request.getClass().getName());
        if (method == null) {
            throw new RemotingException("not served on the inner port: " + request.getClass());
        }
        return method;
    }

    private ManagedChannel channel(Endpoint endpoint) throws RemotingException {
        String address = RaftAddresses.address(endpoint);
        if (address == null) {
            throw new RemotingException("no address is configured for meta member " + endpoint);
        }
        InnerRpcChannels open = channels;
        if (open == null) {
            throw new RemotingException("this member is not started");
        }
        ManagedChannel channel;
        try {
            channel = open.channel(address);
        } catch (IllegalStateException e) {
            throw new RemotingException("this member is shutting down");
        }
        if (watched.add(endpoint)) {
            watch(endpoint, channel, ConnectivityState.SHUTDOWN);
        }
        if (channel.getState(true) == ConnectivityState.TRANSIENT_FAILURE) {
            // A peer that comes back must be found within an election timeout, not after gRPC's growing pauses.
            channel.resetConnectBackoff();
        }
        return channel;
    }

    /** Wakes the replicators of a peer as soon as it can be reached again. */
    private void watch(Endpoint endpoint, ManagedChannel channel, ConnectivityState last) {
        ConnectivityState now = channel.getState(false);
        if (now == ConnectivityState.SHUTDOWN) {
            watched.remove(endpoint);
            return;
        }
        if (now == ConnectivityState.READY && last != ConnectivityState.READY) {
            PeerId peer = new PeerId(endpoint, 0);
            ThreadPoolsFactory.runInThread(
                    ANY_GROUP, () -> replicatorGroups.forEach(group -> group.checkReplicator(peer, true)));
        }
        channel.notifyWhenStateChanged(now, () -> watch(endpoint, channel, now));
    }

    private static RemotingException remoting(Endpoint endpoint, Throwable thrown) {
        Status status = Status.fromThrowable(thrown);
        String text = "meta member " + endpoint + " at " + RaftAddresses.address(endpoint) + ": " + status.getCode();
        return status.getCode() == Status.Code.DEADLINE_EXCEEDED
                ? new InvokeTimeoutException(text)
                : new RemotingException(text);
    }
}
