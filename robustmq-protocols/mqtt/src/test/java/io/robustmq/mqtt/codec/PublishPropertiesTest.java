/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading a block in place, and passing it on. */
class PublishPropertiesTest {
    private static final String FORWARDABLE = "0101" + "03000474657874" + "08000172" + "090002abcd" + "26000161000131"
            + "26000162000132" + "26000161000133";

    private final PublishProperties properties = new PublishProperties();

    private PublishProperties parse(String hex) {
        ByteBuf buffer = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffff" + hex + "ff"));
        return properties.parse(buffer, 2, hex.length() / 2);
    }

    private String forwarded() {
        ByteBuf out = Unpooled.buffer();
        assertThat(properties.writeForwardable(out)).isEqualTo(out.readableBytes());
        return ByteBufUtil.hexDump(out);
    }

    @Test
    void everyPropertyIsRead() {
        parse("02ffffffff" + "230007" + FORWARDABLE + "0b01" + "0bffffff7f");
        assertThat(properties.payloadFormat()).isEqualTo(1);
        assertThat(properties.messageExpirySeconds()).isEqualTo(0xFFFF_FFFFL);
        assertThat(properties.topicAlias()).isEqualTo(7);
        assertThat(properties.contentType()).isEqualTo("text");
        assertThat(properties.responseTopic()).isEqualTo("r");
        assertThat(properties.correlationData()).containsExactly(0xAB, 0xCD);
        assertThat(properties.subscriptionIdentifiers()).containsExactly(1, 268_435_455);
        assertThat(properties.userPropertyCount()).isEqualTo(3);
        assertThat(properties.userProperty("b")).isEqualTo("2");
        assertThat(properties.userProperty("a")).isEqualTo("1");
        assertThat(properties.userProperty("c")).isNull();
        List<String> users = new ArrayList<>();
        properties.forEachUserProperty((name, value) -> users.add(name + value));
        assertThat(users).containsExactly("a1", "b2", "a3");
    }

    @Test
    void whatBelongsToThisHopIsLeftOut() {
        parse("02ffffffff" + "230007" + FORWARDABLE + "0b8001");
        assertThat(properties.isForwardable()).isFalse();
        assertThat(forwarded()).isEqualTo(FORWARDABLE);
    }

    @Test
    void aForwardableBlockIsCopiedAsItIs() {
        parse(FORWARDABLE);
        assertThat(properties.isForwardable()).isTrue();
        assertThat(forwarded()).isEqualTo(FORWARDABLE);
    }

    @Test
    void nothingIsLeftOfThePacketBefore() {
        parse("02ffffffff" + "230007" + FORWARDABLE + "0b01");
        parse("");
        assertThat(properties.payloadFormat()).isZero();
        assertThat(properties.messageExpirySeconds()).isEqualTo(-1);
        assertThat(properties.topicAlias()).isEqualTo(-1);
        assertThat(properties.contentType()).isNull();
        assertThat(properties.responseTopic()).isNull();
        assertThat(properties.correlationData()).isNull();
        assertThat(properties.subscriptionIdentifiers()).isEmpty();
        assertThat(properties.userPropertyCount()).isZero();
        assertThat(properties.userProperty("a")).isNull();
        assertThat(properties.isForwardable()).isTrue();
        assertThat(forwarded()).isEmpty();
        properties.forEachUserProperty((name, value) -> {
            throw new AssertionError(name);
        });
    }

    @Test
    void aFreshOneIsEmpty() {
        assertThat(properties.isForwardable()).isTrue();
        assertThat(forwarded()).isEmpty();
    }
}
