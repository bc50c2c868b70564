/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.TransportProtocol;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.PeerCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the header of the PROXY protocol and lets the connection in as that of the client it names. Whatever begins
 * otherwise is closed at once. Confined to the connection's loop.
 */
final class ProxyDoor extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyDoor.class);
    /** Extensions of version 2; an SSL one with the name of a client has some hundred bytes. */
    private static final int EXTENSION_BYTES_MAX = 2048;

    private final Acceptor acceptor;
    private final Channel channel;
    private final Loop loop;
    private @Nullable Cancellable silence;
    private boolean over;

    private ProxyDoor(Acceptor acceptor, Channel channel, Loop loop) {
        this.acceptor = acceptor;
        this.channel = channel;
        this.loop = loop;
    }

    static void install(Channel channel, Acceptor acceptor, Loop loop) {
        ProxyDoor door = new ProxyDoor(acceptor, channel, loop);
        door.silence = loop.schedule(acceptor.server().options().firstBytesMillisMax(), door::closeSilent);
        acceptor.server().unknown().add(channel);
        channel.closeFuture().addListener(door);
        channel.pipeline().addLast(new Prefix(), new HAProxyMessageDecoder(EXTENSION_BYTES_MAX), door);
    }

    private void closeSilent() {
        acceptor.server().limits().closedSilent();
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (over || !(message instanceof HAProxyMessage header)) {
            ReferenceCountUtil.release(message);
            return;
        }
        over = true;
        try {
            admit(context, header);
        } finally {
            header.release();
        }
    }

    private void admit(ChannelHandlerContext context, HAProxyMessage header) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        PeerCertificate certificate = null;
        // A proxy that speaks for itself, a health check, is whom it seems to be.
        if (header.command() == HAProxyCommand.PROXY) {
            if (header.proxiedProtocol().transportProtocol() == TransportProtocol.STREAM
                    && header.sourceAddress() != null
                    && NetUtil.createInetAddressFromIpAddressString(header.sourceAddress()) != null) {
                remote = address(header.sourceAddress(), header.sourcePort());
                local = address(header.destinationAddress(), header.destinationPort());
            } else if (header.proxiedProtocol().transportProtocol() == TransportProtocol.DGRAM) {
                refuse(context, "it carries datagrams");
                return;
            }
            if (remote.getAddress().isLoopbackAddress()
                    && !((InetSocketAddress) channel.remoteAddress())
                            .getAddress()
                            .isLoopbackAddress()) {
                // Who is on this machine may see and do more than others: nobody becomes so by saying it.
                refuse(context, "it says that a client elsewhere is on this machine");
                return;
            }
            ListenerSpec.ProxyProtocol proxy = acceptor.spec().proxy();
            if (proxy != null && !proxy.trusted().isEmpty()) {
                certificate = certificate(header);
            }
        }
        settle();
        acceptor.server().unknown().remove(channel);
        channel.closeFuture().removeListener(this);
        context.pipeline().remove(Prefix.class);
        acceptor.admit(channel, remote, local, certificate);
        // What followed the header goes on to those who were added behind, when the decoder leaves.
        context.pipeline().remove(this);
    }

    private static InetSocketAddress address(String text, int port) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
        return new InetSocketAddress(address, port);
    }

    /** The name that the proxy has verified in its own TLS handshake with the client. */
    private static @Nullable PeerCertificate certificate(HAProxyMessage header) {
        for (HAProxyTLV extension : header.tlvs()) {
            if (extension instanceof HAProxySSLTLV ssl
                    && ssl.verify() == 0
                    && (ssl.isPP2ClientCertConn() || ssl.isPP2ClientCertSess())) {
                for (HAProxyTLV inner : ssl.encapsulatedTLVs()) {
                    if (inner.type() == HAProxyTLV.Type.PP2_TYPE_SSL_CN) {
                        String name = inner.content().toString(StandardCharsets.UTF_8);
                        return PeerCertificate.ofSubject("CN=" + Rdn.escapeValue(name));
                    }
                }
            }
        }
        return null;
    }

    private void refuse(ChannelHandlerContext context, String why) {
        over = true;
        LOG.debug("no PROXY header of {} from {}: {}", acceptor.spec().name(), channel.remoteAddress(), why);
        acceptor.server().limits().refusedByProxyHeader();
        context.channel().close();
    }

    private void settle() {
        Cancellable waiting = silence;
        if (waiting != null) {
            silence = null;
            waiting.cancel();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!over) {
            refuse(context, cause.toString());
        } else {
            context.channel().close();
        }
    }

    /** The connection went before its header came. */
    @Override
    public void operationComplete(ChannelFuture closed) {
        settle();
        acceptor.server().unknown().remove(channel);
        acceptor.leftUnknown();
    }

    /**
     * Looks at the first bytes as they come, because the decoder behind waits for more of what can never be a header; and
     * copies, because it keeps buffers that belong to all connections of the loop. Confined to the connection's loop.
     */
    private static final class Prefix extends ChannelInboundHandlerAdapter {
        private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] V2 = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};

        /** Of version 2: what stands before the length, its two bytes included. */
        private static final int FIXED_BYTES = 16;

        private static final int ADDRESS_BYTES_MAX = 216;

        private int seen;
        private boolean first = true;
        private boolean second = true;
        private int length;
        private boolean refused;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                if (refused) {
                    return;
                }
                for (int i = in.readerIndex(); i < in.writerIndex() && undecided(); i++) {
                    look(in.getByte(i));
                }
                if (first || second) {
                    context.fireChannelRead(
                            context.alloc().buffer(in.readableBytes()).writeBytes(in));
                } else {
                    refused = true;
                    context.fireExceptionCaught(new java.net.ProtocolException("another beginning"));
                }
            } finally {
                in.release();
            }
        }

        private boolean undecided() {
            return first && seen < V1.length || second && seen < FIXED_BYTES;
        }

        private void look(byte next) {
            first &= seen >= V1.length || next == V1[seen];
            if (seen < V2.length) {
                second &= next == V2[seen];
            } else if (seen >= FIXED_BYTES - 2) {
                length = length << 8 | next & 0xFF;
                second &= length <= ADDRESS_BYTES_MAX + EXTENSION_BYTES_MAX;
            }
            seen++;
        }
    }
}
