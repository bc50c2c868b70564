/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * One request, parsed. Immutable.
 *
 * @param version of the answer, too
 * @param clientId null when the client did not say
 * @param known whether the version is one that can be parsed; only ApiVersions is answered otherwise (KIP-511)
 * @param records where its records lie in the frame
 */
public record Request(
        ApiKeys api,
        short version,
        int correlationId,
        @Nullable String clientId,
        AbstractRequest body,
        boolean known,
        RecordPlaces records) {
    private static final int FIXED_HEADER_BYTES = 8;
    private static final int VERSION_AT = 2;
    private static final int CORRELATION_ID_AT = 4;

    public ApiMessage data() {
        return body.data();
    }

    /** Whether the answer's header has tagged fields; that of ApiVersions never has, so that every client can read it. */
    public short responseHeaderVersion() {
        return api.responseHeaderVersion(version);
    }

    /**
     * Parses the readable bytes, which are borrowed.
     *
     * @throws MalformedRequestException for what Kafka closes the connection for: unknown APIs and versions, broken bytes
     */
    public static Request parse(ByteBuf frame) throws MalformedRequestException {
        int start = frame.readerIndex();
        if (frame.readableBytes() < FIXED_HEADER_BYTES) {
            throw new MalformedRequestException("a request of " + frame.readableBytes() + " bytes");
        }
        short key = frame.getShort(start);
        short version = frame.getShort(start + VERSION_AT);
        if (!ApiKeys.hasId(key) || !ApiKeys.forId(key).inScope(ListenerType.BROKER)) {
            throw new MalformedRequestException("unknown API " + key);
        }
        ApiKeys api = ApiKeys.forId(key);
        // Kafka calls every version of ApiVersions enabled, because it answers every one.
        if (!api.isVersionSupported(version) || !api.isVersionEnabled(version, false)) {
            if (api == ApiKeys.API_VERSIONS) {
                return unknownApiVersions(frame.getInt(start + CORRELATION_ID_AT));
            }
            throw new MalformedRequestException("unknown version " + version + " of " + api);
        }
        try {
            ByteBuffer bytes = frame.nioBuffer();
            RequestHeader header = RequestHeader.parse(bytes);
            RecordPlaces places = new RecordPlaces();
            RequestReader reader = new RequestReader(bytes, start, places);
            AbstractRequest body = AbstractRequest.parseRequest(api, version, reader).request;
            return new Request(api, version, header.correlationId(), header.clientId(), body, true, places);
        } catch (RuntimeException e) {
            throw new MalformedRequestException("broken bytes of " + api + " version " + version, e);
        }
    }

    /** Nothing behind the fixed header can be trusted; the answer is of version 0. */
    private static Request unknownApiVersions(int correlationId) {
        ApiVersionsRequest body = new ApiVersionsRequest(new ApiVersionsRequestData(), (short) 0);
        return new Request(ApiKeys.API_VERSIONS, (short) 0, correlationId, null, body, false, new RecordPlaces());
    }
}
