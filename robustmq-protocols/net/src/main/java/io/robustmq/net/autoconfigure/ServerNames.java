/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.robustmq.protocol.PeerCertificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The servers that certificates speak for: their alternative names, or the common name of one without. Immutable. */
final class ServerNames {
    private static final int DNS_NAME = 2;

    private final Set<String> names;

    private ServerNames(Set<String> names) {
        this.names = names;
    }

    static ServerNames of(List<X509Certificate> certificates) throws CertificateParsingException {
        Set<String> names = new HashSet<>();
        for (X509Certificate certificate : certificates) {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (Integer.valueOf(DNS_NAME).equals(alternative.get(0))) {
                        names.add(alternative.get(1).toString().toLowerCase(Locale.ROOT));
                    }
                }
            } else {
                String common = PeerCertificate.ofSubject(
                                certificate.getSubjectX500Principal().getName())
                        .commonName();
                if (common != null) {
                    names.add(common.toLowerCase(Locale.ROOT));
                }
            }
        }
        return new ServerNames(Set.copyOf(names));
    }

    /** A star stands for one label, the first (RFC 6125). */
    boolean include(String serverName) {
        String wanted = serverName.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return names.contains(wanted) || dot > 0 && names.contains("*" + wanted.substring(dot));
    }
}
