/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;

/**
 * One connection whose requests and responses a test sends and awaits one by one, in Kafka's own message classes. Confined to
 * the test's thread.
 */
final class RawClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;
    private final DataInputStream in;
    private final ArrayDeque<RequestHeader> sent = new ArrayDeque<>();
    private int correlationId;

    RawClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        in = new DataInputStream(socket.getInputStream());
    }

    /** The bytes of a request, without its length. */
    static byte[] request(RequestHeader header, ApiMessage data) {
        return RequestUtils.serialize(header.data(), header.headerVersion(), data, header.apiVersion())
                .array();
    }

    /** The request behind its length. */
    static byte[] framed(byte[] request) {
        return ByteBuffer.allocate(4 + request.length)
                .putInt(request.length)
                .put(request)
                .array();
    }

    RawClient send(ApiKeys api, int version, ApiMessage data) throws IOException {
        RequestHeader header = new RequestHeader(api, (short) version, "raw", ++correlationId);
        socket.getOutputStream().write(framed(request(header, data)));
        sent.add(header);
        return this;
    }

    /** The response to the first request that has none. */
    <T extends ApiMessage> T receive(Class<T> type) throws IOException {
        byte[] response = new byte[in.readInt()];
        in.readFully(response);
        // The header and its correlation id are checked here.
        return type.cast(AbstractResponse.parseResponse(ByteBuffer.wrap(response), sent.remove())
                .data());
    }

    void awaitEnd() throws IOException {
        assertThat(in.read()).as("the connection has ended").isEqualTo(-1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
