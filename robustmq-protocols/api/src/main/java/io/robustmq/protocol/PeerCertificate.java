/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that a client has proven to be its own, as far as anybody asks later. Immutable.
 *
 * @param subject its distinguished name as RFC 2253 writes it, {@code CN=meter-7,O=Plant}
 * @param commonName the most specific common name of the subject, null when it has none that can be a name
 */
public record PeerCertificate(String subject, @Nullable String commonName) {

    /** @param subject as RFC 2253 writes it */
    public static PeerCertificate ofSubject(String subject) {
        return new PeerCertificate(subject, commonNameOf(subject));
    }

    private static @Nullable String commonNameOf(String subject) {
        try {
            // RFC 2253 begins with the most specific name, LdapName counts from the other end.
            List<Rdn> names = new LdapName(subject).getRdns();
            for (int i = names.size() - 1; i >= 0; i--) {
                Object value = names.get(i).toAttributes().get("CN") == null
                        ? null
                        : names.get(i).toAttributes().get("CN").get();
                if (value instanceof String name && !name.isBlank() && name.indexOf('\0') < 0) {
                    return name;
                }
            }
            return null;
        } catch (NamingException e) {
            return null;
        }
    }
}
