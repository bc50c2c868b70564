/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.jspecify.annotations.Nullable;

/** A connection to one of the servers, opened again when that has closed it. Confined to one thread. */
final class Wire implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 8_000;

    private final int port;
    private @Nullable Socket socket;
    private int correlationId;

    Wire(int port) {
        this.port = port;
    }

    /** What came back. Immutable. */
    sealed interface Answer {
        record Response(ApiMessage data, short version) implements Answer {}

        record Closed() implements Answer {}

        record Silence() implements Answer {}

        /** Bytes that are no response of this API. */
        record Garbage(String why) implements Answer {}
    }

    boolean isReady() throws IOException {
        Answer answer =
                call(Step.of(ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(List.of())), new Known());
        return answer instanceof Answer.Response response
                && !((MetadataResponseData) response.data()).brokers().isEmpty();
    }

    Answer call(Step step, Known known) throws IOException {
        try {
            int sent = send(known.fill(step.frame()));
            if (step.answered()) {
                return parse(step, sent, receive());
            }
            int after = send(Step.of(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData())
                    .frame());
            int told = receive().getInt();
            return told == after ? new Answer.Silence() : new Answer.Garbage("a response to a request that wants none");
        } catch (EOFException | SocketException e) {
            close();
            return new Answer.Closed();
        } catch (SocketTimeoutException e) {
            close();
            return new Answer.Garbage("nothing");
        }
    }

    private int send(byte[] frame) throws IOException {
        Socket current = socket;
        if (current == null) {
            current = new Socket("127.0.0.1", port);
            current.setTcpNoDelay(true);
            current.setSoTimeout(TIMEOUT_MILLIS);
            socket = current;
        }
        int id = ++correlationId;
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + frame.length);
        bytes.putInt(frame.length).put(frame);
        if (frame.length >= Step.CORRELATION_ID_AT + Integer.BYTES) {
            bytes.putInt(Integer.BYTES + Step.CORRELATION_ID_AT, id);
        }
        current.getOutputStream().write(bytes.array());
        return id;
    }

    private ByteBuffer receive() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static Answer parse(Step step, int sent, ByteBuffer bytes) {
        if (bytes.getInt() != sent) {
            return new Answer.Garbage("another correlation id");
        }
        ApiKeys api = step.api();
        // KIP-511: what is asked in an unknown version is answered in version 0.
        short version = api == ApiKeys.API_VERSIONS && !api.isVersionSupported(step.version()) ? 0 : step.version();
        try {
            if (api.responseHeaderVersion(version) > 0 && bytes.get() != 0) {
                return new Answer.Garbage("tagged fields in the header");
            }
            ApiMessage data = api.messageType.newResponse();
            data.read(new ByteBufferAccessor(bytes), version);
            return bytes.hasRemaining()
                    ? new Answer.Garbage("bytes behind the response")
                    : new Answer.Response(data, version);
        } catch (RuntimeException e) {
            return new Answer.Garbage(e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        Socket current = socket;
        socket = null;
        if (current != null) {
            current.close();
        }
    }
}
