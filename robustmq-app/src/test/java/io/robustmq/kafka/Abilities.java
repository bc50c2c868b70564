/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** What a broker says that it can do, so that clients are asked for no more. Immutable. */
record Abilities(boolean idempotence, boolean groups) {

    static Abilities of(int port) throws IOException {
        try (RawClient client = new RawClient(port)) {
            List<Short> apis = client
                    .send(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData())
                    .receive(ApiVersionsResponseData.class)
                    .apiKeys()
                    .stream()
                    .map(ApiVersionsResponseData.ApiVersion::apiKey)
                    .toList();
            return new Abilities(apis.contains(ApiKeys.INIT_PRODUCER_ID.id), apis.contains(ApiKeys.JOIN_GROUP.id));
        }
    }
}
