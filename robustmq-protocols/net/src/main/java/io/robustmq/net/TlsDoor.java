/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.robustmq.protocol.ClientAuth;
import io.robustmq.protocol.ConnectionAttributes;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.PeerCertificate;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Behind the encryption of a connection: keeps what the client has proven, tells the gate of the first bytes of the
 * protocol, and says quietly what went wrong with a handshake, which anybody can cause. Confined to the connection's loop.
 */
final class TlsDoor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TlsDoor.class);

    private final ConnectionGate gate;
    private final Handshakes handshakes;
    private final boolean asksForCertificate;
    private boolean encrypted;
    private boolean spoken;

    TlsDoor(ConnectionGate gate, Handshakes handshakes, ListenerSpec spec) {
        this.gate = gate;
        this.handshakes = handshakes;
        this.asksForCertificate = spec.tls() != null && spec.tls().clientAuth() != ClientAuth.NONE;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!spoken) {
            spoken = true;
            gate.spoke();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                encrypted = true;
                keepCertificate(context);
                handshakes.done(gate);
            } else {
                failed(context, done.cause());
            }
        } else if (!(event instanceof SniCompletionEvent)) {
            context.fireUserEventTriggered(event);
        }
    }

    private void keepCertificate(ChannelHandlerContext context) {
        SslHandler encryption = context.pipeline().get(SslHandler.class);
        if (!asksForCertificate || encryption == null) {
            return;
        }
        try {
            Certificate[] shown = encryption.engine().getSession().getPeerCertificates();
            if (shown.length > 0 && shown[0] instanceof X509Certificate own) {
                context.channel()
                        .attr(ConnectionAttributes.CERTIFICATE)
                        .set(PeerCertificate.ofSubject(
                                own.getSubjectX500Principal().getName()));
            }
        } catch (SSLPeerUnverifiedException e) {
            LOG.debug("{} shows no certificate", gate.info().remote());
        }
    }

    private void failed(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("no TLS with {} on {}: {}", gate.info().remote(), gate.info().listener(), String.valueOf(cause));
        context.channel().close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && !encrypted) {
            failed(context, cause);
        } else if (cause instanceof DecoderException && cause.getCause() instanceof IOException broken) {
            context.fireExceptionCaught(broken);
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}
