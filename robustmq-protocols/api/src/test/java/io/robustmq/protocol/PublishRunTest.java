/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.subject.Spelling;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PublishRunTest {
    private final PublishRun run = new PublishRun();

    private ByteBuf sealed(ByteBuf payloads) {
        ByteBuf block = Unpooled.wrappedBuffer(new byte[] {1, 2, 3});
        Publish message = new Publish()
                .begin(Unpooled.EMPTY_BUFFER, 0, 0)
                .payload(payloads, 0, payloads.readableBytes())
                .block(block, 0, 3);
        run.begin("test");
        run.add(new PublishedSubject(Spelling.DOT, "a"), this, this, message, 0, UnpooledByteBufAllocator.DEFAULT);
        run.seal(payloads);
        return Objects.requireNonNull(run.block());
    }

    /** A batch of the log is held by its shard, too, and longer than the run holds it. */
    @Test
    void theLastHoldFreesTheBlocksWhoeverElseHasThePayloads() {
        ByteBuf payloads = Unpooled.copiedBuffer(new byte[] {4, 5});
        ByteBuf blocks = sealed(payloads.retain());
        run.retain();
        assertThat(run.release()).isFalse();
        assertThat(blocks.refCnt()).isEqualTo(1);
        assertThat(run.release()).isTrue();
        assertThat(blocks.refCnt()).isZero();
        assertThat(payloads.refCnt()).isEqualTo(1);
        assertThat(payloads.release()).isTrue();
    }

    @Test
    void othersWhoGoFirstLeaveTheRunItsBytes() {
        ByteBuf payloads = Unpooled.copiedBuffer(new byte[] {4, 5});
        ByteBuf blocks = sealed(payloads.retain());
        payloads.release();
        assertThat(run.store(0).payload()).containsExactly(4, 5);
        assertThat(run.release()).isTrue();
        assertThat(payloads.refCnt()).isZero();
        assertThat(blocks.refCnt()).isZero();
    }
}
