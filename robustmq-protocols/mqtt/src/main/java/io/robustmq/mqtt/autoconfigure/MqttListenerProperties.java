/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.autoconfigure;

import io.robustmq.mqtt.connection.MqttListener.FromCertificate;
import io.robustmq.protocol.ClientAuth;
import io.robustmq.protocol.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A further listener of MQTT. Bound as an element of {@link MqttProtocolProperties#listeners}; the annotation explains the keys to
 * the reference page. Immutable.
 *
 * @param transport what carries the bytes: tcp, tls, websocket, websocket-tls
 * @param port port, 0 for any free one; -1 closes it
 * @param bind address to listen on; unset means robustmq.bind-address
 * @param bundle name of the SSL bundle (spring.ssl.bundle.*) with the certificate, for tls and websocket-tls
 * @param namedBundles names of further SSL bundles, for clients that name a server of their certificates
 * @param clientAuth whether clients show a certificate, which the bundle's trust store must know
 * @param certificateAsUserName what of the client's certificate is its user name, whatever CONNECT says
 * @param certificateAsClientId what of the client's certificate is its client id, whatever CONNECT says
 * @param proxyProtocol whether every connection begins with a header of the PROXY protocol, version 1 or 2, that says where the client is
 * @param proxyTrusted addresses and networks of proxies that may connect; empty for all
 * @param maxConnections connections of this listener; unset means no limit but that of the node
 * @param path the path that is answered, for websocket and websocket-tls; unset means robustmq.mqtt.websocket.path
 * @param tenant the tenant of all clients of this listener; unset means that of their user name, tenant:user, or the default one
 * @param maxPacketSize largest packet that is read; unset means robustmq.mqtt.max-packet-size
 */
@ConfigurationProperties("robustmq.mqtt.listeners")
public record MqttListenerProperties(
        @DefaultValue("tcp") Transport transport,
        @Nullable Integer port,
        @Nullable String bind,
        @Nullable String bundle,
        @DefaultValue List<String> namedBundles,
        @DefaultValue("none") ClientAuth clientAuth,
        @DefaultValue("none") FromCertificate certificateAsUserName,
        @DefaultValue("none") FromCertificate certificateAsClientId,
        @DefaultValue("false") boolean proxyProtocol,
        @DefaultValue List<String> proxyTrusted,
        @Nullable Integer maxConnections,
        @Nullable String path,
        @Nullable String tenant,
        @Nullable DataSize maxPacketSize) {}
