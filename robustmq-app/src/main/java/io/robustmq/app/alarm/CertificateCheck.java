/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.kernel.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.info.SslInfo.BundleInfo;
import org.springframework.boot.info.SslInfo.CertificateChainInfo;
import org.springframework.boot.info.SslInfo.CertificateInfo;

/** How long the certificates of the SSL bundles are valid. Thread-safe: immutable. */
final class CertificateCheck implements AlarmCheck {
    private final Supplier<List<Validity>> certificates;
    private final Clock clock;
    private final Duration soon;

    /** Until when a certificate is valid. Immutable. */
    record Validity(String bundle, String subject, Instant end) {}

    /** @param soon so long before the end somebody is told */
    CertificateCheck(Supplier<List<Validity>> certificates, Clock clock, Duration soon) {
        this.certificates = certificates;
        this.clock = clock;
        this.soon = soon;
    }

    static List<Validity> of(List<BundleInfo> bundles) {
        List<Validity> found = new ArrayList<>();
        for (BundleInfo bundle : bundles) {
            for (CertificateChainInfo chain : bundle.getCertificateChains()) {
                for (CertificateInfo certificate : chain.getCertificates()) {
                    Instant end = certificate.getValidityEnds();
                    if (end != null) {
                        found.add(new Validity(bundle.getName(), String.valueOf(certificate.getSubject()), end));
                    }
                }
            }
        }
        return found;
    }

    @Override
    public List<Finding> look() {
        Instant now = Instant.ofEpochMilli(clock.millis());
        List<Finding> findings = new ArrayList<>();
        for (Validity each : certificates.get()) {
            Duration left = Duration.between(now, each.end);
            if (left.compareTo(soon) > 0) {
                continue;
            }
            boolean over = !now.isBefore(each.end);
            findings.add(Finding.bad(
                    over ? AlarmKind.CERTIFICATE_EXPIRED : AlarmKind.CERTIFICATE_EXPIRES,
                    each.bundle + " " + each.subject,
                    "The certificate of " + each.subject + " in the SSL bundle '" + each.bundle + "' "
                            + (over ? "expired" : "expires") + " at " + each.end
                            + ". Replace its file; with spring.ssl.bundle.*.reload-on-update the node takes the new one at once.",
                    Map.of("bundle", each.bundle, "end", each.end.toString(), "days", left.toDays())));
        }
        return findings;
    }
}
