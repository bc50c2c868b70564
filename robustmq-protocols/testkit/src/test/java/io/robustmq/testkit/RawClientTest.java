/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RawClientTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private ServerSocket server;
    private Socket peer;
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = RawClient.connect(server.getInetAddress().getHostAddress(), server.getLocalPort());
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        peer.close();
        server.close();
    }

    @Test
    void bytesGoBothWays() throws IOException {
        client.sendHex("01 02").send((byte) 3).sendSlowly((byte) 4, (byte) 5);
        assertThat(peer.getInputStream().readNBytes(5)).containsExactly(1, 2, 3, 4, 5);

        peer.getOutputStream().write(new byte[] {6, 7, 8});
        client.expectHex("0607");
        assertThat(client.read(1)).containsExactly(8);
        client.expectSilence(SHORT);
    }

    @Test
    void framesAreCutHoweverTheyArrive() throws IOException {
        RawClient.Framing lengthFirst = (bytes, offset, available) -> available == 0 ? -1 : 1 + bytes[offset];
        byte[] large = new byte[101];
        large[0] = 100;
        peer.getOutputStream().write(new byte[] {1, 9, 0});
        peer.getOutputStream().write(large);
        assertThat(client.readFrame(lengthFirst)).containsExactly(1, 9);
        assertThat(client.readFrame(lengthFirst)).containsExactly(0);
        assertThat(client.readFrame(lengthFirst)).isEqualTo(large);
    }

    @Test
    void theEndIsTheEnd() throws IOException {
        peer.getOutputStream().write(1);
        peer.close();
        assertThatThrownBy(() -> client.expectSilence(SHORT)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(client::expectClose).hasMessageContaining("[01]");
        client.expectHex("01").expectClose();
        assertThatThrownBy(() -> client.read(1)).hasMessageContaining("the peer closed");
    }

    @Test
    void aResetIsAnEndToo() throws IOException {
        peer.setSoLinger(true, 0);
        peer.close();
        client.expectClose();
    }

    @Test
    void waitingHasAnEnd() throws IOException {
        try (Socket second = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket other = server.accept();
                RawClient impatient = new RawClient(second, SHORT)) {
            other.getOutputStream().write(1);
            assertThatThrownBy(() -> impatient.read(2)).hasMessageContaining("nothing more came");
            impatient.expectHex("01");
            assertThatThrownBy(impatient::expectClose).hasMessageContaining("did not close");
            assertThatThrownBy(impatient::readUntilClose).hasMessageContaining("did not close");
            impatient.finishSending();
            assertThat(other.getInputStream().read()).isEqualTo(-1);
            other.getOutputStream().write(2);
            other.shutdownOutput();
            assertThat(impatient.readUntilClose()).containsExactly(2);
        }
    }

    @Test
    void wrongBytesAreNamed() throws IOException {
        peer.getOutputStream().write(new byte[] {1, 2});
        assertThatThrownBy(() -> client.expectHex("0103")).hasMessage("expected [0103] but received [0102]");
    }

    @Test
    void resetReachesThePeer() {
        client.reset();
        assertThatThrownBy(() -> peer.getInputStream().read()).isInstanceOf(IOException.class);
    }
}
