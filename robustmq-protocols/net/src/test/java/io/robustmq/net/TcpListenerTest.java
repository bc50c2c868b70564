/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.ConnectionRegistry.ConnectionView;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TcpListenerTest {
    private static final ListenerSpec ECHO = ListenerSpec.tcp("echo", 0, NetFixture.echo());

    @Test
    void bytesGoInAndOutOnAnEphemeralPort() throws IOException {
        try (NetFixture net = new NetFixture();
                Socket socket = NetFixture.connect(net.open(ECHO))) {
            assertThat(net.server.address("echo-tcp").getPort()).isPositive();
            assertThat(NetFixture.roundTrip(socket, "first")).isEqualTo("first");
            assertThat(NetFixture.roundTrip(socket, "second")).isEqualTo("second");
        }
    }

    @Test
    void connectionsAreListedWithTheirTraffic() throws IOException {
        try (NetFixture net = new NetFixture()) {
            InetSocketAddress address = net.open(ECHO);
            try (Socket one = NetFixture.connect(address);
                    Socket two = NetFixture.connect(address)) {
                NetFixture.roundTrip(one, "hello");
                NetFixture.roundTrip(two, "hi");

                List<ConnectionView> all = net.server.connections().list(0, 10);
                assertThat(all).hasSize(2).extracting(view -> view.info().id()).isSorted();
                ConnectionView first = all.get(0);
                ConnectionInfo info = first.info();
                assertThat(info.listener()).isEqualTo("echo-tcp");
                assertThat(info.transport()).isEqualTo(Transport.TCP);
                assertThat(info.remote().getPort()).isIn(one.getLocalPort(), two.getLocalPort());
                assertThat(all.stream().mapToLong(ConnectionView::bytesIn).sum())
                        .isEqualTo(7);
                assertThat(all.stream().mapToLong(ConnectionView::bytesOut).sum())
                        .isEqualTo(7);
                assertThat(net.server.connections().list(info.id(), 10)).hasSize(1);
                assertThat(net.server.connections().list(0, 1)).hasSize(1);
            }
            NetFixture.await("both are gone", () -> net.server.connections().size() == 0);
            assertThat(net.server.limits().counts().open()).isZero();
        }
    }

    @Test
    void aConnectionThatIsKickedGetsItsFarewell() throws IOException {
        try (NetFixture net = new NetFixture();
                Socket socket = NetFixture.connect(net.open(ECHO))) {
            NetFixture.roundTrip(socket, "hello");
            long id = net.server.connections().list(0, 1).get(0).info().id();

            assertThat(net.server.connections().close(id, "enough")).isTrue();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("bye: enough");
            assertThat(net.server.connections().close(id + 1, "nobody")).isFalse();
        }
    }

    @Test
    void aProtocolWithoutAFarewellIsClosedAllTheSame() throws IOException {
        ListenerSpec mute = ListenerSpec.tcp("mute", 0, (channel, loop, connection) -> {});
        try (NetFixture net = new NetFixture();
                Socket socket = NetFixture.connect(net.open(mute))) {
            NetFixture.await("accepted", () -> net.server.connections().size() == 1);
            long id = net.server.connections().list(0, 1).get(0).info().id();
            net.server.connections().close(id, "enough");
            assertThat(NetFixture.closedByPeer(socket)).isTrue();
        }
    }

    @Test
    void aTakenPortNamesListenerAddressAndKeyAndClosesTheOthers() throws IOException {
        try (NetFixture net = new NetFixture();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int free = freePort();
            ListenerSpec first = ListenerSpec.tcp("echo", free, NetFixture.echo());
            ListenerSpec second = ListenerSpec.tcp("mqtt", taken.getLocalPort(), NetFixture.echo());

            assertThatThrownBy(() -> net.server.open(List.of(first, second)))
                    .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                        assertThat(refused)
                                .hasMessage("mqtt-tcp cannot listen on 127.0.0.1:" + taken.getLocalPort()
                                        + ": the port is taken.");
                        assertThat(refused.action()).contains("robustmq.mqtt.tcp.port");
                    });
            assertThat(net.server.listeners()).isEmpty();
            try (ServerSocket again = new ServerSocket(free, 1, InetAddress.getByName("127.0.0.1"))) {
                assertThat(again.isBound()).isTrue();
            }
        }
    }

    @Test
    void anAddressOfAnotherMachineIsRefused() {
        try (NetFixture net = new NetFixture()) {
            assertThatThrownBy(() -> net.open(ECHO.withBindAddress("192.0.2.1")))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("192.0.2.1:0: this machine has no such address");
            assertThatThrownBy(() -> net.open(ECHO.withBindAddress("no.such.name.invalid")))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("no.such.name.invalid");
        }
    }

    @Test
    void aTransportThatIsNotInThisBuildIsRefusedByName() {
        try (NetFixture net = new NetFixture()) {
            assertThatThrownBy(() -> net.open(ECHO.withTransport(Transport.TLS)))
                    .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                        assertThat(refused).hasMessage("echo-tls is not available in this build.");
                        assertThat(refused.action()).contains("robustmq.echo.tls.port");
                    });
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
