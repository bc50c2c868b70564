/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;

/**
 * One request of a sequence. Immutable.
 *
 * @param frame its bytes behind the length; ids of topics are placeholders, see {@link Known}
 * @param answered whether a response is due
 * @param settles whether it changes something that a server's parts learn of after its response
 * @param text for people
 */
record Step(ApiKeys api, short version, byte[] frame, boolean answered, boolean settles, String text) {
    static final String CLIENT = "differential";
    private static final int VERSION_AT = 2;
    static final int CORRELATION_ID_AT = 4;

    static Step of(ApiKeys api, int version, ApiMessage data) {
        return of(api, version, data, CLIENT);
    }

    static Step of(ApiKeys api, int version, ApiMessage data, String client) {
        RequestHeader header = new RequestHeader(api, (short) version, client, 0);
        byte[] frame = RequestUtils.serialize(header.data(), header.headerVersion(), data, header.apiVersion())
                .array();
        boolean answered = !(data instanceof ProduceRequestData produce) || produce.acks() != 0;
        return new Step(api, (short) version, frame, answered, settles(data), data.toString());
    }

    private static boolean settles(ApiMessage data) {
        return data instanceof CreateTopicsRequestData created && !created.validateOnly()
                || data instanceof CreatePartitionsRequestData grown && !grown.validateOnly()
                || data instanceof MetadataRequestData metadata && metadata.allowAutoTopicCreation()
                || data instanceof DeleteTopicsRequestData;
    }

    /** The same bytes under another version. */
    Step claiming(int other) {
        byte[] bytes = frame.clone();
        ByteBuffer.wrap(bytes).putShort(VERSION_AT, (short) other);
        return new Step(api, (short) other, bytes, answered, settles, text);
    }

    /** The same request with other bytes in it. */
    Step with(byte[] bytes, String why) {
        return new Step(api, version, bytes, answered, settles, why + " " + text);
    }
}
