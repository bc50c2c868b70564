/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.net.RawWebSocket.Frame;
import io.robustmq.protocol.ListenerSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebSocketListenerTest {
    private static final int FRAME_BYTES_MAX = 4096;
    private static final ListenerSpec ECHO = ListenerSpec.webSocket(
            "echo",
            0,
            new ListenerSpec.WebSocket("/mqtt", List.of("mqtt", "mqttv3.1"), FRAME_BYTES_MAX),
            NetFixture.echo());

    private NetFixture net;
    private InetSocketAddress address;

    @BeforeEach
    void open() {
        net = new NetFixture();
        address = net.open(ECHO);
    }

    @AfterEach
    void close() {
        net.close();
    }

    private RawWebSocket upgraded() throws IOException {
        RawWebSocket client = new RawWebSocket(address);
        assertThat(client.upgrade("/mqtt", "Sec-WebSocket-Protocol: mqtt")).startsWith("HTTP/1.1 101 ");
        return client;
    }

    @Test
    void theSubprotocolIsAgreedOn() throws IOException {
        try (RawWebSocket both = new RawWebSocket(address);
                RawWebSocket old = new RawWebSocket(address);
                RawWebSocket none = new RawWebSocket(address);
                RawWebSocket other = new RawWebSocket(address)) {
            assertThat(both.upgrade("/mqtt?token=1", "Sec-WebSocket-Protocol: chat, mqtt"))
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("sec-websocket-protocol: mqtt\r\n");
            assertThat(old.upgrade("/mqtt", "Sec-WebSocket-Protocol: mqttv3.1"))
                    .containsIgnoringCase("sec-websocket-protocol: mqttv3.1\r\n");
            assertThat(none.upgrade("/mqtt"))
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContainIgnoringCase("sec-websocket-protocol");
            assertThat(other.upgrade("/mqtt", "Sec-WebSocket-Protocol: chat")).startsWith("HTTP/1.1 400 ");
            assertThat(other.readToEnd()).contains("mqtt, mqttv3.1");
        }
    }

    @Test
    void anotherPathAndAPlainRequestAreAnsweredWithASentence() throws IOException {
        try (RawWebSocket wrongPath = new RawWebSocket(address);
                RawWebSocket plain = new RawWebSocket(address);
                RawWebSocket garbage = new RawWebSocket(address)) {
            assertThat(wrongPath.upgrade("/")).startsWith("HTTP/1.1 404 ");
            assertThat(wrongPath.readToEnd()).isEqualTo("The WebSocket is at /mqtt.\n");

            plain.raw("GET /mqtt HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(plain.readHead()).startsWith("HTTP/1.1 426 ").containsIgnoringCase("upgrade: websocket");
            assertThat(plain.readToEnd()).contains("WebSocket only");

            garbage.raw("\u0010\u0000 nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(garbage.readHead()).startsWith("HTTP/1.1 4");
        }
    }

    @Test
    void aRequestThatIsTooLongIsRefusedWhenItIs() throws IOException {
        try (RawWebSocket line = new RawWebSocket(address);
                RawWebSocket headers = new RawWebSocket(address)) {
            assertThat(line.upgrade("/" + "x".repeat(5000))).startsWith("HTTP/1.1 414 ");
            assertThat(line.readToEnd()).contains("too long");
            assertThat(headers.upgrade("/mqtt", "Cookie: " + "x".repeat(9000))).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void aRequestThatTricklesIsClosedWhenItsTimeIsOver() throws IOException {
        try (NetFixture slow = new NetFixture(new NetOptions("127.0.0.1", 10, 10, 100, 300));
                Socket socket = NetFixture.connect(slow.open(ECHO))) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write("GET /mqtt HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));
            NetFixture.await("closed although it goes on", () -> {
                try {
                    socket.getOutputStream().write('x');
                    return slow.server.limits().counts().closedSilent() == 1;
                } catch (IOException gone) {
                    return true;
                }
            });
            assertThat(slow.server.limits().counts().closedSilent()).isEqualTo(1);
        }
    }

    @Test
    void fragmentsOfOneByteAreTheSameStream() throws IOException {
        String text = "fragments".repeat(500);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int first = (i == 0 ? RawWebSocket.BINARY : 0) | (i == bytes.length - 1 ? RawWebSocket.FINAL : 0);
            frames.writeBytes(RawWebSocket.frame(first, new byte[] {bytes[i]}));
        }
        try (RawWebSocket client = upgraded()) {
            client.raw(frames.toByteArray());
            assertThat(client.receiveBytes(bytes.length)).isEqualTo(text);
        }
    }

    @Test
    void framesAreOneStreamOfBytes() throws IOException {
        try (RawWebSocket client = upgraded()) {
            client.send(RawWebSocket.FINAL | RawWebSocket.BINARY, "one two");
            client.send(RawWebSocket.FINAL | RawWebSocket.BINARY, " thr");
            client.send(RawWebSocket.FINAL | RawWebSocket.BINARY, "ee");
            assertThat(client.receiveBytes(13)).isEqualTo("one two three");
        }
    }

    @Test
    void aFragmentedMessageWithAPingInsideIsTheSameStream() throws IOException {
        try (RawWebSocket client = upgraded()) {
            client.send(RawWebSocket.BINARY, "ab");
            assertThat(client.receiveBytes(2)).isEqualTo("ab");
            client.send(RawWebSocket.FINAL | RawWebSocket.PING, "still there?");
            Frame pong = client.receive();
            assertThat(pong.opcode()).isEqualTo(RawWebSocket.PONG);
            assertThat(pong.text()).isEqualTo("still there?");
            client.send(RawWebSocket.CONTINUATION, "cd");
            client.send(RawWebSocket.CONTINUATION, "");
            client.send(RawWebSocket.FINAL | RawWebSocket.CONTINUATION, "ef");
            assertThat(client.receiveBytes(4)).isEqualTo("cdef");
        }
    }

    @Test
    void aFrameMayArriveByteByByteAndWithTheUpgrade() throws IOException {
        try (RawWebSocket client = upgraded()) {
            for (byte one : RawWebSocket.frame(
                    RawWebSocket.FINAL | RawWebSocket.BINARY, "x".repeat(200).getBytes(StandardCharsets.US_ASCII))) {
                client.raw(new byte[] {one});
            }
            assertThat(client.receiveBytes(200)).isEqualTo("x".repeat(200));
        }
    }

    @Test
    void textIsRefusedWith1003() throws IOException {
        try (RawWebSocket client = upgraded()) {
            client.send(RawWebSocket.FINAL | RawWebSocket.TEXT, "hello");
            Frame close = client.receive();
            assertThat(close.opcode()).isEqualTo(RawWebSocket.CLOSE);
            assertThat(close.closeCode()).isEqualTo(1003);
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void aFrameBeyondTheLimitIsRefusedWith1009AndAnUnmaskedOneWith1002() throws IOException {
        try (RawWebSocket client = upgraded();
                RawWebSocket unmasked = upgraded()) {
            client.raw(RawWebSocket.frame(RawWebSocket.FINAL | RawWebSocket.BINARY, new byte[FRAME_BYTES_MAX + 1]));
            assertThat(client.receive().closeCode()).isEqualTo(1009);
            assertThat(client.closedByPeer()).isTrue();

            unmasked.raw(new byte[] {(byte) (RawWebSocket.FINAL | RawWebSocket.BINARY), 1, 'a'});
            assertThat(unmasked.receive().closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void aCloseIsAnsweredAndAKickSaysFarewellBeforeItsClose() throws IOException {
        try (RawWebSocket client = upgraded()) {
            client.send(RawWebSocket.FINAL | RawWebSocket.CLOSE, "");
            assertThat(client.receive().opcode()).isEqualTo(RawWebSocket.CLOSE);
            assertThat(client.closedByPeer()).isTrue();
        }
        NetFixture.await("the first is gone", () -> net.server.connections().size() == 0);
        try (RawWebSocket client = upgraded()) {
            long id = net.server.connections().list(0, 1).get(0).info().id();
            assertThat(net.server.connections().close(id, "enough")).isTrue();
            assertThat(client.receive().text()).isEqualTo("bye: enough");
            Frame close = client.receive();
            assertThat(close.opcode()).isEqualTo(RawWebSocket.CLOSE);
            assertThat(close.closeCode()).isEqualTo(1000);
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void anUpgradeWithoutAFrameIsSilence() throws IOException {
        NetOptions impatient = new NetOptions("127.0.0.1", 10, 10, 100, 200);
        try (NetFixture other = new NetFixture(impatient);
                RawWebSocket client = new RawWebSocket(other.open(ECHO))) {
            assertThat(client.upgrade("/mqtt")).startsWith("HTTP/1.1 101 ");
            assertThat(client.receive().opcode()).isEqualTo(RawWebSocket.CLOSE);
            assertThat(client.closedByPeer()).isTrue();
            assertThat(other.server.limits().counts().closedSilent()).isEqualTo(1);
        }
    }

    @Test
    void theJdksOwnClientIsServed() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
                text.append(StandardCharsets.UTF_8.decode(data));
                if (text.length() == 11) {
                    received.complete(text.toString());
                }
                socket.request(1);
                return null;
            }
        };
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("mqtt")
                .buildAsync(URI.create("ws://127.0.0.1:" + address.getPort() + "/mqtt"), listener)
                .get(10, TimeUnit.SECONDS);
        assertThat(socket.getSubprotocol()).isEqualTo("mqtt");
        socket.sendBinary(ByteBuffer.wrap("hello ".getBytes(StandardCharsets.UTF_8)), false)
                .thenCompose(sent -> sent.sendBinary(ByteBuffer.wrap("world".getBytes(StandardCharsets.UTF_8)), true))
                .get(10, TimeUnit.SECONDS);
        assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo("hello world");
        socket.abort();
    }
}
