/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ConnectionRegistry.ConnectionView;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.ListenerSpec.ProxyProtocol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The header is written here byte by byte, from the text of the protocol. */
class ProxyProtocolTest {
    private static final byte[] SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int PROXY = 0x21;
    private static final int LOCAL = 0x20;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    private NetFixture net = new NetFixture();

    @AfterEach
    void close() {
        net.close();
        assertThat(net.server.limits().counts().open()).isZero();
    }

    private InetSocketAddress open(String... trusted) {
        return net.open(ListenerSpec.tcp("echo", 0, NetFixture.echo()).withProxy(new ProxyProtocol(List.of(trusted))));
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] v2(int versionAndCommand, int family, byte[] addresses) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(SIGNATURE);
        header.write(versionAndCommand);
        header.write(family);
        header.write(addresses.length >> 8);
        header.write(addresses.length);
        header.writeBytes(addresses);
        return header.toByteArray();
    }

    private static byte[] addresses(String source, String destination, int sourcePort, int destinationPort)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(InetAddress.getByName(source).getAddress());
        bytes.writeBytes(InetAddress.getByName(destination).getAddress());
        bytes.write(sourcePort >> 8);
        bytes.write(sourcePort);
        bytes.write(destinationPort >> 8);
        bytes.write(destinationPort);
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private ConnectionView only() {
        List<ConnectionView> open = net.server.connections().list(0, 10);
        assertThat(open).hasSize(1);
        return open.get(0);
    }

    private String remoteAfter(byte[] header) throws IOException {
        try (Socket socket = NetFixture.connect(open())) {
            socket.getOutputStream().write(header);
            assertThat(NetFixture.roundTrip(socket, "hello")).isEqualTo("hello");
            InetSocketAddress remote = only().info().remote();
            assertThat(remote.isUnresolved()).isFalse();
            return remote.getAddress().getHostAddress() + " " + remote.getPort();
        }
    }

    @Test
    void aLineOfVersion1() throws IOException {
        assertThat(remoteAfter(v1("PROXY TCP4 203.0.113.7 192.0.2.1 51234 1883")))
                .isEqualTo("203.0.113.7 51234");
    }

    @Test
    void aLineOfVersion1WithNewAddresses() throws IOException {
        assertThat(remoteAfter(v1("PROXY TCP6 2001:db8::7 2001:db8::1 51234 1883")))
                .isEqualTo("2001:db8:0:0:0:0:0:7 51234");
    }

    @Test
    void aHeaderOfVersion2() throws IOException {
        assertThat(remoteAfter(v2(PROXY, TCP4, addresses("203.0.113.7", "192.0.2.1", 51234, 1883))))
                .isEqualTo("203.0.113.7 51234");
    }

    @Test
    void aHeaderOfVersion2WithNewAddresses() throws IOException {
        assertThat(remoteAfter(v2(PROXY, TCP6, addresses("2001:db8::7", "2001:db8::1", 51234, 1883))))
                .isEqualTo("2001:db8:0:0:0:0:0:7 51234");
    }

    @Test
    void whatIsNotAClientsIsTheProxysOwn() throws IOException {
        assertThat(remoteAfter(v2(LOCAL, 0, new byte[0]))).startsWith("127.0.0.1 ");
    }

    @Test
    void anUnknownClientIsTheProxy() throws IOException {
        assertThat(remoteAfter(v1("PROXY UNKNOWN"))).startsWith("127.0.0.1 ");
    }

    @Test
    void theAddressThatTheClientConnectedToIsKnownToo() throws IOException {
        try (Socket socket = NetFixture.connect(open())) {
            socket.getOutputStream().write(v1("PROXY TCP4 203.0.113.7 192.0.2.1 51234 8888"));
            assertThat(NetFixture.roundTrip(socket, "hello")).isEqualTo("hello");
            assertThat(only().info().local()).isEqualTo(new InetSocketAddress("192.0.2.1", 8888));
        }
    }

    @Test
    void theHeaderMayComeByteByByteAndWithWhatFollows() throws IOException {
        InetSocketAddress address = open();
        for (byte[] header : List.of(
                v1("PROXY TCP4 203.0.113.7 192.0.2.1 51234 1883"),
                v2(PROXY, TCP4, addresses("203.0.113.7", "192.0.2.1", 51234, 1883)))) {
            try (Socket socket = NetFixture.connect(address)) {
                socket.setTcpNoDelay(true);
                for (byte each : header) {
                    socket.getOutputStream().write(each);
                }
                assertThat(NetFixture.roundTrip(socket, "slow")).isEqualTo("slow");
            }
            try (Socket socket = NetFixture.connect(address)) {
                socket.getOutputStream().write(concat(header, "at once".getBytes(StandardCharsets.US_ASCII)));
                assertThat(new String(socket.getInputStream().readNBytes(7), StandardCharsets.US_ASCII))
                        .isEqualTo("at once");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "\u0010\u000c",
                "\r\n\r\nX",
                "PROXX",
                "PROXY TCP4 203.0.113.7\r\n",
                "PROXY TCP4 one two 3 4\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 99999 1883\r\n"
            })
    void anotherBeginningIsClosedAtOnce(String bytes) throws IOException {
        try (Socket socket = NetFixture.connect(open())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(NetFixture.closedByPeer(socket)).isTrue();
            NetFixture.await("counted", () -> net.server.limits().counts().refusedByProxyHeader() == 1);
            assertThat(net.server.limits().counts().accepted()).isZero();
        }
    }

    @Test
    void aHeaderThatIsTooLongIsClosedAtOnce() throws IOException {
        InetSocketAddress address = open();
        byte[] endless = ("PROXY TCP4 " + "1".repeat(120)).getBytes(StandardCharsets.US_ASCII);
        byte[] announced = concat(SIGNATURE, new byte[] {PROXY, TCP4, (byte) 0xFF, (byte) 0xFF});
        for (byte[] header : List.of(endless, announced)) {
            try (Socket socket = NetFixture.connect(address)) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write(header);
                assertThat(NetFixture.closedByPeer(socket)).isTrue();
            }
        }
        NetFixture.await("counted", () -> net.server.limits().counts().refusedByProxyHeader() == 2);
    }

    @Test
    void whoSaysNothingIsClosed() throws IOException {
        net.close();
        net = new NetFixture(new NetOptions("127.0.0.1", 10, 10, 100, 200));
        try (Socket silent = NetFixture.connect(open());
                Socket half = NetFixture.connect(net.server.address("echo-tcp"))) {
            half.getOutputStream().write("PROXY TCP4".getBytes(StandardCharsets.US_ASCII));
            assertThat(NetFixture.closedByPeer(silent)).isTrue();
            assertThat(NetFixture.closedByPeer(half)).isTrue();
            assertThat(net.server.limits().counts().closedSilent()).isEqualTo(2);
        }
    }

    @Test
    void limitsCountClientsNotTheProxy() throws IOException {
        net.close();
        net = new NetFixture(new NetOptions("127.0.0.1", 10, 1, 100, 10_000));
        InetSocketAddress address = open();
        try (Socket one = NetFixture.connect(address);
                Socket two = NetFixture.connect(address);
                Socket again = NetFixture.connect(address)) {
            one.getOutputStream().write(v1("PROXY TCP4 203.0.113.1 192.0.2.1 51234 1883"));
            assertThat(NetFixture.roundTrip(one, "one")).isEqualTo("one");
            two.getOutputStream().write(v1("PROXY TCP4 203.0.113.2 192.0.2.1 51234 1883"));
            assertThat(NetFixture.roundTrip(two, "two")).isEqualTo("two");
            again.getOutputStream().write(v1("PROXY TCP4 203.0.113.1 192.0.2.1 51235 1883"));
            assertThat(NetFixture.closedByPeer(again)).isTrue();
            assertThat(net.server.limits().counts().refusedByAddress()).isEqualTo(1);
            assertThat(NetFixture.roundTrip(one, "still")).isEqualTo("still");
        }
        NetFixture.await("all gone", () -> net.server.limits().counts().open() == 0);
    }

    @Test
    void onlyTrustedProxiesComeIn() throws IOException {
        try (Socket foreign = NetFixture.connect(open("10.0.0.0/8", "fd00::/8"))) {
            assertThat(NetFixture.closedByPeer(foreign)).isTrue();
            assertThat(net.server.limits().counts().refusedBySource()).isEqualTo(1);
        }
        net.server.stopAccepting();
        try (Socket known = NetFixture.connect(open("10.0.0.0/8", "127.0.0.1"))) {
            known.getOutputStream().write(v1("PROXY TCP4 203.0.113.7 192.0.2.1 51234 1883"));
            assertThat(NetFixture.roundTrip(known, "hello")).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"balancer.example.com", "10.0.0.0/33", "fd00::/129", "10.0.0", "10.0.0.0/x", ""})
    void aSourceThatIsNoAddressRefusesTheStart(String source) {
        assertThatThrownBy(() -> open(source)).isInstanceOfSatisfying(StartRefusedException.class, refused -> {
            assertThat(refused).hasMessageContaining("'" + source + "'");
            assertThat(refused.action()).contains("robustmq.echo.tcp.proxy-trusted");
        });
    }

    /** PP2_TYPE_SSL with PP2_SUBTYPE_SSL_CN in it. */
    private static byte[] certificate(int verify, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream ssl = new ByteArrayOutputStream();
        ssl.write(0x01 | 0x02);
        ssl.writeBytes(new byte[] {0, 0, 0, (byte) verify});
        ssl.write(0x22);
        ssl.write(text.length >> 8);
        ssl.write(text.length);
        ssl.writeBytes(text);
        ByteArrayOutputStream extension = new ByteArrayOutputStream();
        extension.write(0x20);
        extension.write(ssl.size() >> 8);
        extension.write(ssl.size());
        extension.writeBytes(ssl.toByteArray());
        return extension.toByteArray();
    }

    private String certificateAfter(int verify, String... trusted) throws IOException {
        try (Socket socket = NetFixture.connect(open(trusted))) {
            byte[] extended =
                    concat(addresses("203.0.113.7", "192.0.2.1", 51234, 1883), certificate(verify, "meter 7, west"));
            socket.getOutputStream().write(v2(PROXY, TCP4, extended));
            assertThat(NetFixture.roundTrip(socket, "hello")).isEqualTo("hello");
            return only().certificate();
        }
    }

    @Test
    void theNameThatATrustedProxyHasVerifiedIsTheClients() throws IOException {
        assertThat(certificateAfter(0, "127.0.0.0/8")).isEqualTo("CN=meter 7\\, west");
    }

    @Test
    void aNameThatWasNotVerifiedIsNobodys() throws IOException {
        assertThat(certificateAfter(1, "127.0.0.0/8")).isNull();
    }

    @Test
    void aNameFromAnybodyIsNobodys() throws IOException {
        assertThat(certificateAfter(0)).isNull();
    }

    @Test
    void aStopClosesThoseThatAreStillUnknown() throws IOException {
        try (Socket unknown = NetFixture.connect(open())) {
            NetFixture.await("accepted", () -> net.server.limits().counts().open() == 1);
            net.server.close();
            assertThat(NetFixture.closedByPeer(unknown)).isTrue();
        }
        NetFixture.await("counted out", () -> net.server.limits().counts().open() == 0);
    }

    @Test
    void aListenerHasALimitOfItsOwn() throws IOException {
        ListenerSpec small = ListenerSpec.tcp("echo", 0, NetFixture.echo()).withConnectionsMax(1);
        net.server.open(List.of(small.withTitle("small"), small.withTitle("other")));
        try (Socket one = NetFixture.connect(net.server.address("echo-small"));
                Socket elsewhere = NetFixture.connect(net.server.address("echo-other"))) {
            assertThat(NetFixture.roundTrip(one, "one")).isEqualTo("one");
            assertThat(NetFixture.roundTrip(elsewhere, "elsewhere")).isEqualTo("elsewhere");
            try (Socket two = NetFixture.connect(net.server.address("echo-small"))) {
                assertThat(NetFixture.closedByPeer(two)).isTrue();
            }
            assertThat(net.server.limits().counts().refusedByListener()).isEqualTo(1);
        }
        NetFixture.await(
                "there is room again", () -> net.server.limits().counts().open() == 0);
        try (Socket next = NetFixture.connect(net.server.address("echo-small"))) {
            assertThat(NetFixture.roundTrip(next, "next")).isEqualTo("next");
        }
        NetFixture.await("all gone", () -> net.server.limits().counts().open() == 0);
    }
}
