/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.robustmq.app.tls.TlsFailure;
import io.robustmq.mqtt.codec.MqttVersion;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/** What went wrong, as a sentence and an exit code. Stateless. */
final class Failure {
    private static final int NOT_AUTHORIZED_3 = 5;

    private Failure() {}

    /** The broker's answer to CONNECT. */
    static BenchException refused(MqttVersion version, String clientId, int code) {
        String who = "the broker refuses " + clientId + ": ";
        return switch (code) {
            case 0x86 -> denied(who + "user name or password are wrong (0x86)");
            case 4 -> denied(who + "user name or password are wrong (4)");
            case 0x87 -> denied(who + "it is not authorised (0x87)");
            case NOT_AUTHORIZED_3 -> denied(who + "it is not authorised (5)");
            case 0x8A -> denied(who + "it is banned (0x8a)");
            case 0x8C -> denied(who + "it does not log in with a name and a password (0x8c)");
            case 0x89 ->
                new BenchException(
                        BenchException.UNREACHABLE, who + "it is busy, or passwords were wrong too often (0x89)");
            default ->
                new BenchException(
                        BenchException.UNREACHABLE,
                        who + (version.hasProperties() ? "code 0x" + Integer.toHexString(code) : "code " + code));
        };
    }

    /** An answer of the broker to something else than CONNECT. */
    static BenchException answered(String what, int code) {
        String text = what + " with 0x" + Integer.toHexString(code);
        return code == 0x87 ? denied(text + ": not authorised") : new BenchException(BenchException.FAILED, text);
    }

    /** The broker's answer to SUBSCRIBE; MQTT 3 has one refusal for everything. */
    static BenchException subscription(MqttVersion version, String filter, int qos, int granted) {
        String what = "the broker answers the subscription to " + filter + " at QoS " + qos;
        return granted == 0x80 && !version.hasProperties()
                ? denied(what + " with 0x80: not authorised, or impossible")
                : answered(what, granted);
    }

    private static BenchException denied(String sentence) {
        return new BenchException(BenchException.DENIED, sentence);
    }

    /** Of a connection that could not be opened, or broke. */
    static BenchException connection(Throwable cause, String address, String otherwise) {
        String tls = TlsFailure.sentence(cause, address);
        if (tls == null) {
            return new BenchException(BenchException.UNREACHABLE, otherwise);
        }
        return new BenchException(TlsFailure.isOfClient(tls) ? BenchException.DENIED : BenchException.UNREACHABLE, tls);
    }

    /** @param code for what is neither a matter of rights nor of the network */
    static BenchException kafka(Throwable cause, String address, int code) {
        String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        Throwable root = cause;
        while (root.getCause() != null && !(root instanceof AuthenticationException)) {
            root = root.getCause();
        }
        if (root instanceof SslAuthenticationException) {
            return connection(root, address, said);
        }
        if (root instanceof AuthenticationException) {
            return denied("the broker does not let in: " + root.getMessage());
        }
        if (cause instanceof AuthorizationException) {
            return denied("the broker does not allow it: " + said);
        }
        if (cause instanceof TimeoutException || cause instanceof java.util.concurrent.TimeoutException) {
            return new BenchException(
                    BenchException.UNREACHABLE,
                    "the broker does not answer: is it running at " + address + ", with or without TLS? (" + said
                            + ")");
        }
        return new BenchException(code, said);
    }
}
