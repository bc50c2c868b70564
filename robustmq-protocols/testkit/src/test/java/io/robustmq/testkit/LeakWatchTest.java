/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

class LeakWatchTest {

    /** The leaks here are wanted: keep them out of the log. */
    @BeforeAll
    static void silence() {
        log().setAdditive(false);
    }

    @AfterAll
    static void restore() {
        log().setAdditive(true);
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    }

    @Test
    void findsABufferThatNobodyReleased() {
        try (LeakWatch watch = LeakWatch.start()) {
            leak();
            assertThat(watch.leaks()).singleElement().asString().contains("left behind by this test");
        }
    }

    private static void leak() {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(16);
        buffer.touch("left behind by this test");
    }

    @Test
    void theExtensionFailsTheClassAndNamesTheCode() {
        try (LeakWatch watch = LeakWatch.start()) {
            LeakExtension.check(watch, "SomeTest");
            PooledByteBufAllocator.DEFAULT.directBuffer(16).touch("left behind for the extension");
            assertThatThrownBy(() -> LeakExtension.check(watch, "SomeTest"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("1 buffers leaked in SomeTest")
                    .hasMessageContaining("left behind for the extension");
        }
    }

    @Test
    void isSilentAboutReleasedAndAboutReachableBuffers() {
        ByteBuf kept = PooledByteBufAllocator.DEFAULT.directBuffer(16);
        try (LeakWatch watch = LeakWatch.start()) {
            PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
            assertThat(watch.leaks()).isEmpty();
        }
        assertThat(kept.release()).isTrue();
    }

    @Test
    void hearsNothingAfterItsEnd() {
        LeakWatch first = LeakWatch.start();
        first.close();
        try (LeakWatch second = LeakWatch.start()) {
            leakOther();
            assertThat(second.leaks()).hasSize(1);
        }
        assertThat(first.leaks()).isEmpty();
    }

    private static void leakOther() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).touch("left behind by the other test");
    }

    /** The extension on a class without a leak. */
    @ExtendWith(LeakExtension.class)
    @org.junit.jupiter.api.Nested
    class Watched {
        @Test
        void passes() {
            assertThat(PooledByteBufAllocator.DEFAULT.directBuffer(8).release()).isTrue();
        }
    }
}
