/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a handshake failed, in words of somebody who can do something about it. Stateless. */
public final class TlsFailure {
    private static final int DEPTH_MAX = 20;

    private TlsFailure() {}

    /** A sentence; null when it was no failure of TLS. */
    public static @Nullable String sentence(Throwable failure, String address) {
        @Nullable SSLException handshake = null;
        Throwable each = failure;
        for (int i = 0; each != null && i < DEPTH_MAX; each = each.getCause(), i++) {
            if (each instanceof CertPathBuilderException) {
                return "the certificate of " + address
                        + " is signed by nobody who is trusted: name its authority with --ca-file";
            }
            if (each instanceof CertPathValidatorException invalid) {
                return invalid.getReason() == BasicReason.EXPIRED
                        ? "the certificate of " + address + " has expired"
                        : "the certificate of " + address + " is not trusted: " + invalid.getMessage();
            }
            if (each instanceof CertificateException wrong && each.getCause() == null) {
                return "the certificate of " + address + " is for somebody else: " + wrong.getMessage();
            }
            if (each instanceof SSLException ssl) {
                handshake = ssl;
            }
        }
        return handshake == null ? null : sentence(handshake, address);
    }

    private static String sentence(SSLException failure, String address) {
        String said = String.valueOf(failure.getMessage());
        String text = said.toLowerCase(Locale.ROOT);
        if (text.contains("not an ssl/tls record") || text.contains("unrecognized ssl message")) {
            return address + " does not speak TLS";
        }
        // An alert of the server: before TLS 1.3 nothing tells a missing certificate from any other trouble.
        if (text.contains("certificate_required")
                || text.contains("bad_certificate")
                || text.contains("handshake_failure")) {
            return address + " wants a certificate of the client that it trusts (--cert, --key): " + said;
        }
        return "the TLS handshake with " + address + " failed: " + said;
    }

    /** Whether it was the server that did not like the client's certificate. */
    public static boolean isOfClient(String sentence) {
        return sentence.contains("--cert");
    }
}
