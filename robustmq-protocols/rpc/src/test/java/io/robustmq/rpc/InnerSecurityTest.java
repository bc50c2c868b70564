/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.robustmq.rpc.meta.StatusReply;
import io.robustmq.rpc.meta.StatusRequest;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is let in on the inner port and who is not; and that those who are not, are told at once and disturb nobody. */
class InnerSecurityTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String OTHER = "fedcba9876543210fedcba9876543210";
    /** Half of what the call would wait; a busy machine takes seconds for the first handshake. */
    private static final long AT_ONCE_MILLIS = 15_000;

    private static final long PATIENT_MILLIS = 60_000;
    private static final long HASTY_MILLIS = 300;

    private final ExecutorService calls = Executors.newFixedThreadPool(2);
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final AtomicInteger handled = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : closing) {
            each.close();
        }
        calls.shutdownNow();
    }

    private static InnerSecurity secret(String... secrets) {
        return InnerSecurity.ofSecrets("one", List.of(secrets));
    }

    private static final MethodDescriptor<StatusRequest, StatusReply> ASK =
            MethodDescriptor.<StatusRequest, StatusReply>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("a.A/Ask")
                    .setRequestMarshaller(ProtoUtils.marshaller(StatusRequest.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(StatusReply.getDefaultInstance()))
                    .build();

    private InnerRpcServer server(InnerSecurity security) {
        return server(security, PATIENT_MILLIS);
    }

    private InnerRpcServer server(InnerSecurity security, long handshakeMillis) {
        InnerRpcServer server = new InnerRpcServer(
                new InnerRpcOptions("127.0.0.1", 0, InnerRpcOptions.INBOUND_MESSAGE_BYTES_MAX, 10_000, handshakeMillis),
                calls,
                security);
        server.addService(ServerServiceDefinition.builder("a.A")
                .addMethod(ASK, ServerCalls.asyncUnaryCall((request, responses) -> {
                    handled.incrementAndGet();
                    responses.onNext(StatusReply.newBuilder()
                            .setCluster(request.getCluster())
                            .build());
                    responses.onCompleted();
                }))
                .build());
        server.start();
        closing.add(() -> server.stop(100));
        return server;
    }

    private ManagedChannel channel(InnerSecurity security, InnerRpcServer server) {
        InnerRpcChannels channels = new InnerRpcChannels(security);
        closing.add(0, channels);
        return channels.channel("127.0.0.1:" + server.port());
    }

    private static String ask(ManagedChannel channel) {
        return ClientCalls.blockingUnaryCall(
                        channel,
                        ASK,
                        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                        StatusRequest.newBuilder().setCluster("word").build())
                .getCluster();
    }

    private void assertLetIn(InnerSecurity caller, InnerRpcServer server) {
        assertThat(ask(channel(caller, server))).isEqualTo("word");
    }

    private void assertRefused(InnerSecurity caller, InnerRpcServer server) {
        assertRefused(channel(caller, server));
    }

    private void assertRefused(ManagedChannel channel) {
        int before = handled.get();
        long since = System.nanoTime();
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> ask(channel))
                .matches(e -> e.getStatus().getCode() == Status.Code.UNAVAILABLE, "refused, not run into a deadline");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since)).isLessThan(AT_ONCE_MILLIS);
        assertThat(handled.get()).as("no request was read").isEqualTo(before);
    }

    @Test
    void theSameSecretOfTheSameClusterIsBelievedAndNoOther() {
        InnerRpcServer server = server(secret(SECRET));
        ManagedChannel good = channel(secret(SECRET), server);
        assertThat(ask(good)).isEqualTo("word");

        assertRefused(secret(OTHER), server);
        assertRefused(InnerSecurity.ofSecrets("two", List.of(SECRET)), server);
        assertRefused(InnerSecurity.NONE, server);

        assertThat(ask(good)).as("nobody else was disturbed").isEqualTo("word");
        assertThat(server.security().refused())
                .as("what is no TLS, and who did not believe us, never showed a certificate")
                .isZero();
    }

    @Test
    void aNodeThatIsCalledProvesItselfToo() {
        assertRefused(secret(SECRET), server(InnerSecurity.NONE));
        InnerSecurity caller = secret(SECRET);
        assertRefused(caller, server(secret(OTHER)));
        assertThat(caller.refused()).isPositive();
    }

    @Test
    void aCallerThatBelievesEverybodyIsStillNotBelieved() throws Exception {
        InnerRpcServer server = server(secret(SECRET));
        assertRefused(stranger(server, GrpcSslContexts.forClient()));
        SecretKeys foreign = SecretKeys.derive("one", OTHER);
        assertRefused(
                stranger(server, GrpcSslContexts.forClient().keyManager(foreign.privateKey(), foreign.certificate())));
        assertThat(server.security().refused()).isPositive();
        SecretKeys own = SecretKeys.derive("one", SECRET);
        assertThat(ask(stranger(server, GrpcSslContexts.forClient().keyManager(own.privateKey(), own.certificate()))))
                .isEqualTo("word");
    }

    private ManagedChannel stranger(InnerRpcServer server, io.netty.handler.ssl.SslContextBuilder keys)
            throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .sslContext(
                        keys.trustManager(InsecureTrustManagerFactory.INSTANCE).build())
                .overrideAuthority("robustmq")
                .build();
        closing.add(0, channel::shutdownNow);
        return channel;
    }

    @Test
    void theCertificateWithoutItsKeyIsWorthNothing() throws Exception {
        InnerRpcServer server = server(secret(SECRET));
        SecretKeys shown = SecretKeys.derive("one", SECRET);
        SecretKeys other = SecretKeys.derive("one", OTHER);
        assertRefused(
                stranger(server, GrpcSslContexts.forClient().keyManager(other.privateKey(), shown.certificate())));
    }

    @Test
    void garbageAndSilenceAreCutOff() throws Exception {
        InnerRpcServer server = server(secret(SECRET));
        ManagedChannel good = channel(secret(SECRET), server);
        ask(good);
        byte[][] garbage = {
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            {0x10, 0x0E, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'a'}
        };
        for (byte[] bytes : garbage) {
            assertCutOff(server, bytes);
            assertThat(ask(good)).isEqualTo("word");
        }
        InnerRpcServer hasty = server(secret(SECRET), HASTY_MILLIS);
        assertCutOff(hasty, new byte[] {0x16, 3, 3, 0x7F, (byte) 0xFF, 1, 0, 0, 1});
        assertCutOff(hasty, new byte[0]);
        assertThat(ask(good)).isEqualTo("word");
    }

    /** Far earlier than the patience of the server, where that is long. */
    private static void assertCutOff(InnerRpcServer server, byte[] said) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(said);
            assertThat(readToTheEnd(socket)).isTrue();
        }
    }

    @Test
    void whoKnocksAllDayLongFillsNoLog() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord each) {
                told.add(each.getLevel() + " " + each.getLoggerName() + ": " + each.getMessage());
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        Logger grpc = Logger.getLogger("io.grpc");
        grpc.addHandler(handler);
        try {
            for (InnerSecurity security : List.of(InnerSecurity.NONE, secret(SECRET))) {
                InnerRpcServer server = server(security);
                for (int i = 0; i < 3; i++) {
                    assertCutOff(server, "GET / HTTP/1.1\r\n\r\n\r\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                assertRefused(security.proves() ? InnerSecurity.NONE : secret(SECRET), server);
                server.stop(1000);
            }
        } finally {
            grpc.removeHandler(handler);
        }
        assertThat(told).isEmpty();
    }

    private static boolean readToTheEnd(Socket socket) throws Exception {
        try {
            while (socket.getInputStream().read() >= 0) {
                // An alert of TLS may come first.
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Test
    void aSecretIsReplacedNodeByNode() {
        InnerSecurity old = secret(SECRET);
        InnerSecurity oldAndNew = secret(SECRET, OTHER);
        InnerSecurity newAndOld = secret(OTHER, SECRET);
        InnerSecurity fresh = secret(OTHER);
        InnerRpcServer both = server(oldAndNew);
        assertLetIn(old, both);
        assertLetIn(newAndOld, both);
        InnerRpcServer turned = server(newAndOld);
        assertLetIn(oldAndNew, turned);
        assertLetIn(fresh, turned);
        assertRefused(old, turned);
        assertRefused(old, server(fresh));
    }

    @Test
    void certificatesOfTheClustersAuthorityAreBelievedAndNoOther() throws Exception {
        TestAuthority ours = new TestAuthority("ours");
        TestAuthority others = new TestAuthority("ours");
        InnerRpcServer server = server(certificates(ours, "node-1", List.of()));
        ManagedChannel good = channel(certificates(ours, "node-2", List.of()), server);
        assertThat(ask(good)).isEqualTo("word");

        assertRefused(
                InnerSecurity.ofCertificates(others.node("node-2", "node-2.example"), ours.trust(), List.of()), server);
        assertThat(server.security().refused()).isPositive();
        assertRefused(
                InnerSecurity.ofCertificates(
                        ours.node("node-2", "node-2.example", "20210101000000Z"), ours.trust(), List.of()),
                server);
        assertRefused(certificates(others, "node-2", List.of()), server);
        assertRefused(stranger(server, GrpcSslContexts.forClient()));
        assertRefused(InnerSecurity.NONE, server);
        assertRefused(secret(SECRET), server);
        assertThat(ask(good)).as("nobody else was disturbed").isEqualTo("word");
    }

    private static InnerSecurity certificates(TestAuthority authority, String name, List<String> allowed)
            throws Exception {
        return InnerSecurity.ofCertificates(authority.node(name, name + ".example"), authority.trust(), allowed);
    }

    @Test
    void namesMayBeAskedFor() throws Exception {
        TestAuthority company = new TestAuthority("company");
        InnerRpcServer byAlternative = server(certificates(company, "node-1", List.of("NODE-2.example", "x")));
        assertLetIn(certificates(company, "node-2", List.of()), byAlternative);
        assertLetIn(certificates(company, "node-2", List.of("node-1")), byAlternative);
        assertRefused(certificates(company, "printer", List.of()), byAlternative);
        assertRefused(certificates(company, "node-2", List.of("node-3")), byAlternative);
    }

    @Test
    void replacedKeysAreForTheNextConnection() throws Exception {
        TestAuthority before = new TestAuthority("before");
        TestAuthority after = new TestAuthority("after");
        InnerSecurity replaced = certificates(before, "node-1", List.of());
        InnerRpcServer server = server(replaced);
        ManagedChannel open = channel(certificates(before, "node-2", List.of()), server);
        ask(open);

        replaced.replace(after.node("node-1", "node-1.example"), after.trust(), List.of());

        assertThat(ask(open)).as("what is open stays").isEqualTo("word");
        assertRefused(certificates(before, "node-2", List.of()), server);
        assertLetIn(certificates(after, "node-2", List.of()), server);
    }

    @Test
    void theKeyIsThatOfTheStandardForItsSeed() throws Exception {
        // RFC 8032, 7.1, test 1.
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        SecretKeys keys = SecretKeys.ofSeed(seed);
        assertThat(HexFormat.of().formatHex(keys.publicKey()))
                .endsWith("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        keys.certificate().verify(keys.certificate().getPublicKey());
        assertThat(SecretKeys.derive("one", SECRET).certificate())
                .isEqualTo(SecretKeys.derive("one", SECRET).certificate());
        assertThat(SecretKeys.derive("one", SECRET).toString()).doesNotContain(SECRET);
    }
}
