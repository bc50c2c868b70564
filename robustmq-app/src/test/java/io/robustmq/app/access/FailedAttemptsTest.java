/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailedAttemptsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final FailedAttempts failed = new FailedAttempts(nanos::get);

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void eachWrongPasswordBeyondTheFreeOnesDoublesTheWait() throws Exception {
        InetAddress guesser = address("192.0.2.1");
        for (int i = 1; i < FailedAttempts.FREE; i++) {
            failed.failed(guesser);
            assertThat(failed.secondsToWait(guesser)).isZero();
        }
        for (long wait = 1; wait <= FailedAttempts.WAIT_SECONDS_MAX; wait *= 2) {
            failed.failed(guesser);
            assertThat(failed.secondsToWait(guesser)).isEqualTo(wait);
            pass(wait);
            assertThat(failed.secondsToWait(guesser)).isZero();
        }
        failed.failed(guesser);
        assertThat(failed.secondsToWait(guesser)).isEqualTo(FailedAttempts.WAIT_SECONDS_MAX);
        assertThat(failed.secondsToWait(address("192.0.2.2"))).isZero();
        pass(TimeUnit.MINUTES.toSeconds(11));
        failed.failed(guesser);
        assertThat(failed.secondsToWait(guesser)).as("forgotten by then").isZero();
    }

    @Test
    void aNetworkOfIpv6IsOneAddress() throws Exception {
        for (int i = 0; i < FailedAttempts.FREE; i++) {
            failed.failed(address("2001:db8:0:1::" + i));
        }
        assertThat(failed.secondsToWait(address("2001:db8:0:1::ffff"))).isEqualTo(1);
        assertThat(failed.secondsToWait(address("2001:db8:0:2::1"))).isZero();
    }

    @Test
    void soManyAddressesAreRememberedAndNoMore() throws Exception {
        for (int i = 0; i <= FailedAttempts.ADDRESSES_MAX; i++) {
            failed.failed(InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i}));
        }
        assertThat(failed.addresses()).isEqualTo(FailedAttempts.ADDRESSES_MAX);
    }
}
