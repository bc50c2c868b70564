/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.net.NetLoops;
import io.robustmq.net.NetOptions;
import io.robustmq.net.NetServer;
import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ClientAuth;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.ListenerSpec.ProxyProtocol;
import io.robustmq.protocol.ListenerSpec.Tls;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/** Listeners with keys, and the JDK's own TLS client. Confined to the test's thread. */
class TlsListenerTest {
    @TempDir
    static Path directory;

    private static TestKeys first;
    private static TestKeys second;
    private static TestKeys client;
    private static TestKeys stranger;

    private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
    private final NetLoops loops = NetLoops.create(2);
    private final SystemMemoryBudget memory = new SystemMemoryBudget(64 << 20);
    private NetServer server;

    @BeforeAll
    static void makeKeys() throws Exception {
        first = TestKeys.create(directory, "first", "CN=first", "dns:localhost,ip:127.0.0.1");
        second = TestKeys.create(directory, "second", "CN=second", "dns:two.test,dns:*.wild.test");
        client = TestKeys.create(directory, "client", "CN=meter-7,OU=west,O=Plant", null);
        stranger = TestKeys.create(directory, "stranger", "CN=stranger", null);
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
            await("all memory is free", () -> memory.usedBytes() == 0);
            assertThat(server.tlsCounts().pending()).isZero();
        }
        loops.close();
    }

    private void open(NetOptions options, ListenerSpec... specs) {
        server = new NetServer(loops, options, SystemClock.INSTANCE, memory, new BundleTlsContexts(bundles));
        server.open(List.of(specs));
    }

    private void open(ListenerSpec... specs) {
        open(new NetOptions("127.0.0.1", 5000, 5000, 5000, 10_000), specs);
    }

    private static ListenerSpec echo(ClientAuth auth, String bundle, String... named) {
        return ListenerSpec.tcp(
                        "echo",
                        0,
                        (channel, loop, connection) -> channel.pipeline().addLast(new Echo()))
                .withTls(new Tls(bundle, List.of(named), auth));
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long: " + what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private SSLSocket connect(SSLContext context, @Nullable String serverName) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", server.address("echo-tls").getPort());
        socket.setSoTimeout(10_000);
        if (serverName != null) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            socket.setSSLParameters(parameters);
        }
        return socket;
    }

    private static String roundTrip(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.UTF_8);
    }

    private static String shownBy(SSLSocket socket) throws IOException {
        try (socket) {
            assertThat(roundTrip(socket, "hello")).isEqualTo("hello");
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void theServerThatTheClientNamesShowsItsCertificate() throws Exception {
        bundles.registerBundle("one", first.bundle());
        bundles.registerBundle("two", second.bundle());
        open(echo(ClientAuth.NONE, "one", "two"));
        assertThat(shownTo(null)).isEqualTo("CN=first");
        assertThat(shownTo("localhost")).isEqualTo("CN=first");
        assertThat(shownTo("two.test")).isEqualTo("CN=second");
        assertThat(shownTo("TWO.test")).isEqualTo("CN=second");
        assertThat(shownTo("a.wild.test")).isEqualTo("CN=second");
        assertThat(shownTo("a.b.wild.test")).isEqualTo("CN=first");
        assertThat(shownTo("nobody.test")).isEqualTo("CN=first");
        bundles.updateBundle("two", first.bundle());
        assertThat(shownTo("two.test")).isEqualTo("CN=first");
    }

    /** With nothing to resume: Java's client says the server name of the session that it resumes. */
    private String shownTo(@Nullable String serverName) throws Exception {
        return shownBy(connect(TestKeys.client(null, first, second), serverName));
    }

    @Test
    void aNamedBundleThatIsNotThereRefusesTheStart() throws Exception {
        bundles.registerBundle("one", first.bundle());
        assertThatThrownBy(() -> open(echo(ClientAuth.NONE, "one", "missing")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("'missing'");
    }

    @Test
    void aReloadIsForNewConnectionsAndOldOnesGoOn() throws Exception {
        bundles.registerBundle("one", first.bundle());
        open(echo(ClientAuth.NONE, "one"));
        SSLContext trusting = TestKeys.client(null, first, second);
        try (SSLSocket old = connect(trusting, null)) {
            assertThat(roundTrip(old, "before")).isEqualTo("before");
            bundles.updateBundle("one", second.bundle());
            assertThat(shownBy(connect(trusting, null))).isEqualTo("CN=second");
            bundles.updateBundle("one", mismatched());
            assertThat(shownBy(connect(trusting, null))).isEqualTo("CN=second");
            assertThat(roundTrip(old, "after")).isEqualTo("after");
        }
    }

    /** The certificate of one with the key of another, as in the middle of a renewal. */
    private static SslBundle mismatched() throws Exception {
        java.security.KeyStore store = TestKeys.trusting(List.of());
        store.setKeyEntry(
                "own",
                first.store().getKey("own", TestKeys.PASSWORD.toCharArray()),
                TestKeys.PASSWORD.toCharArray(),
                second.store().getCertificateChain("own"));
        return SslBundle.of(
                SslStoreBundle.of(store, TestKeys.PASSWORD, null), SslBundleKey.of(TestKeys.PASSWORD), SslOptions.NONE);
    }

    @Test
    void aKeyThatIsNotTheCertificatesRefusesTheStart() throws Exception {
        bundles.registerBundle("one", mismatched());
        assertThatThrownBy(() -> open(echo(ClientAuth.NONE, "one")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("the key is not that of the certificate of CN=second");
    }

    @Test
    void protocolsAndCiphersAreTheBundles() throws Exception {
        bundles.registerBundle(
                "one",
                first.bundle(SslOptions.of(Set.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"), Set.of("TLSv1.2"))));
        open(echo(ClientAuth.NONE, "one"));
        SSLContext trusting = TestKeys.client(null, first);
        try (SSLSocket socket = connect(trusting, null)) {
            assertThat(roundTrip(socket, "hello")).isEqualTo("hello");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
            assertThat(socket.getSession().getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        }
        try (SSLSocket modern = connect(trusting, null)) {
            modern.setEnabledProtocols(new String[] {"TLSv1.3"});
            assertThatThrownBy(modern::startHandshake).isInstanceOf(SSLException.class);
        }
        await("it is counted", () -> server.tlsCounts().failed() == 1);
        assertThat(server.tlsCounts().done()).isEqualTo(1);
    }

    @Test
    void aRequiredCertificateIsAskedForCheckedAndShown() throws Exception {
        bundles.registerBundle("one", first.bundle(client));
        open(echo(ClientAuth.REQUIRED, "one"));
        try (SSLSocket known = connect(TestKeys.client(client, first), null)) {
            assertThat(roundTrip(known, "hello")).isEqualTo("hello");
            assertThat(server.connections().list(0, 10))
                    .singleElement()
                    .satisfies(view -> assertThat(view.certificate()).isEqualTo("CN=meter-7,OU=west,O=Plant"));
        }
        refuses(TestKeys.client(null, first));
        refuses(TestKeys.client(stranger, first));
    }

    private void refuses(SSLContext context) throws IOException {
        try (SSLSocket socket = connect(context, null)) {
            // With TLS 1.3 a client learns of the refusal when it reads.
            assertThatThrownBy(() -> {
                        if (roundTrip(socket, "hello").isEmpty()) {
                            throw new IOException("closed");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void anOptionalCertificateMayBeLeftOutButMustBeTrusted() throws Exception {
        bundles.registerBundle("one", first.bundle(client));
        open(echo(ClientAuth.OPTIONAL, "one"));
        try (SSLSocket known = connect(TestKeys.client(client, first), null);
                SSLSocket unnamed = connect(TestKeys.client(null, first), null)) {
            assertThat(roundTrip(known, "hello")).isEqualTo("hello");
            assertThat(roundTrip(unnamed, "hello")).isEqualTo("hello");
            assertThat(server.connections().list(0, 10))
                    .extracting(view -> String.valueOf(view.certificate()))
                    .containsExactlyInAnyOrder("CN=meter-7,OU=west,O=Plant", "null");
        }
    }

    @Test
    void whoeverAsksForCertificatesSaysWhoseHeTrusts() throws Exception {
        bundles.registerBundle("one", first.bundle());
        assertThatThrownBy(() -> open(echo(ClientAuth.REQUIRED, "one")))
                .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                    assertThat(refused).hasMessageContaining("trusts nobody's");
                    assertThat(refused.action()).contains("spring.ssl.bundle.pem.one.truststore.certificate");
                });
    }

    @Test
    void theProxysHeaderComesBeforeTheHandshake() throws Exception {
        bundles.registerBundle("one", first.bundle());
        open(echo(ClientAuth.NONE, "one").withProxy(new ProxyProtocol(List.of())));
        try (Socket plain = new Socket("127.0.0.1", server.address("echo-tls").getPort())) {
            plain.setSoTimeout(10_000);
            plain.getOutputStream()
                    .write("PROXY TCP4 203.0.113.7 192.0.2.1 51234 8883\r\n".getBytes(StandardCharsets.US_ASCII));
            try (SSLSocket socket = (SSLSocket)
                    TestKeys.client(null, first).getSocketFactory().createSocket(plain, "localhost", 8883, true)) {
                assertThat(roundTrip(socket, "hello")).isEqualTo("hello");
                assertThat(server.connections().list(0, 10))
                        .singleElement()
                        .satisfies(view ->
                                assertThat(view.info().remote().getHostString()).isEqualTo("203.0.113.7"));
            }
        }
    }

    @Test
    void whoSpeaksSomethingElseOrSaysTooMuchIsClosed() throws Exception {
        bundles.registerBundle("one", first.bundle());
        open(echo(ClientAuth.NONE, "one"));
        byte[] endless = new byte[40_000];
        // Records of a handshake with a hello of 60,000 bytes.
        for (int at = 0; at + 10_000 <= endless.length; at += 10_000) {
            System.arraycopy(new byte[] {0x16, 3, 1, (byte) (9_995 >> 8), (byte) 9_995}, 0, endless, at, 5);
        }
        System.arraycopy(new byte[] {1, 0, (byte) 0xEA, 0x60}, 0, endless, 5, 4);
        for (byte[] bytes : List.of("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), endless)) {
            try (Socket socket =
                    new Socket("127.0.0.1", server.address("echo-tls").getPort())) {
                socket.setSoTimeout(5_000);
                try {
                    socket.getOutputStream().write(bytes);
                    while (socket.getInputStream().read() >= 0) {
                        continue;
                    }
                } catch (java.net.SocketException reset) {
                    assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe).*");
                }
            }
        }
        await("both are counted", () -> server.tlsCounts().failed() == 2);
    }

    @Test
    void aHandshakeThatStopsIsGivenUp() throws Exception {
        bundles.registerBundle("one", first.bundle());
        open(new NetOptions("127.0.0.1", 100, 100, 100, 300), echo(ClientAuth.NONE, "one"));
        try (Socket silent = new Socket("127.0.0.1", server.address("echo-tls").getPort());
                Socket half = new Socket("127.0.0.1", server.address("echo-tls").getPort())) {
            half.setSoTimeout(10_000);
            silent.setSoTimeout(10_000);
            half.getOutputStream().write(HalfOpen.hello());
            while (half.getInputStream().read() >= 0) {
                continue;
            }
            assertThat(silent.getInputStream().read()).isNegative();
            await("both are counted", () -> server.tlsCounts().failed() == 2);
            assertThat(server.limits().counts().closedSilent()).isEqualTo(2);
        }
    }

    /** Many that begin a handshake and stop: those who are in do not notice, newcomers come in, memory has a bound. */
    @Test
    void twoThousandHalfOpenHandshakesHarmNobody() throws Exception {
        bundles.registerBundle("one", first.bundle());
        NetOptions options = new NetOptions("127.0.0.1", 5000, 5000, 5000, 60_000).withHandshakesMax(500);
        open(options, echo(ClientAuth.NONE, "one"));
        SSLContext trusting = TestKeys.client(null, first);
        int port = server.address("echo-tls").getPort();
        List<Socket> flood = new ArrayList<>();
        try (SSLSocket settled = connect(trusting, null)) {
            assertThat(roundTrip(settled, "before")).isEqualTo("before");
            byte[] hello = HalfOpen.hello();
            for (int i = 0; i < 2000; i++) {
                Socket socket = new Socket("127.0.0.1", port);
                flood.add(socket);
                if (i % 2 == 0) {
                    try {
                        socket.getOutputStream().write(hello);
                    } catch (IOException refused) {
                        continue;
                    }
                }
                if (i % 100 == 0) {
                    assertThat(roundTrip(settled, "during")).isEqualTo("during");
                    assertThat(server.tlsCounts().pending()).isLessThanOrEqualTo(500);
                    assertThat(memory.usedBytes()).isLessThan(memory.limitBytes() / 2);
                }
            }
            await("all are in or refused", () -> {
                var counts = server.tlsCounts();
                return counts.pending() + counts.refused() + counts.failed() + counts.done() == 2001;
            });
            assertThat(server.tlsCounts().refused()).isPositive();
            // The oldest of them should be done by now, so that it gives way.
            await("a newcomer comes in", () -> {
                try (SSLSocket newcomer = connect(trusting, null)) {
                    return roundTrip(newcomer, "new").equals("new");
                } catch (IOException notYet) {
                    return false;
                }
            });
            assertThat(roundTrip(settled, "after")).isEqualTo("after");
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
        await("all are gone", () -> server.connections().size() == 0);
    }

    /** Copies what it reads. Confined to its loop. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            ByteBuf out = context.alloc().buffer(in.readableBytes()).writeBytes(in);
            in.release();
            context.writeAndFlush(out);
        }
    }
}
