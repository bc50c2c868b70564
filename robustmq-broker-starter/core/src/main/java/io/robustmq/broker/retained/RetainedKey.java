/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retained;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Partitioner;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.PublishedSubject;
import java.nio.charset.StandardCharsets;

/**
 * Which retained message: of a tenant, under a subject in one spelling. Immutable. As bytes: the tenant, a zero byte, {@code /}
 * or {@code .} for the spelling, the subject.
 */
record RetainedKey(String tenant, Spelling spelling, String subject) implements Comparable<RetainedKey> {
    private static final char SLASH = '/';
    private static final char DOT = '.';

    static RetainedKey of(String tenant, PublishedSubject subject) {
        return new RetainedKey(tenant, subject.spelling(), subject.text());
    }

    static byte[] bytes(String tenant, PublishedSubject subject) {
        byte[] tenantUtf8 = tenant.getBytes(StandardCharsets.UTF_8);
        byte[] subjectUtf8 = subject.utf8();
        byte[] bytes = new byte[tenantUtf8.length + 2 + subjectUtf8.length];
        System.arraycopy(tenantUtf8, 0, bytes, 0, tenantUtf8.length);
        bytes[tenantUtf8.length + 1] = (byte) (subject.spelling() == Spelling.SLASH ? SLASH : DOT);
        System.arraycopy(subjectUtf8, 0, bytes, tenantUtf8.length + 2, subjectUtf8.length);
        return bytes;
    }

    static RetainedKey parse(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        if (end + 1 >= bytes.length || bytes[end + 1] != SLASH && bytes[end + 1] != DOT) {
            throw RmqError.CORRUPT_DATA.exception("not the key of a retained message");
        }
        return new RetainedKey(
                new String(bytes, 0, end, StandardCharsets.UTF_8),
                bytes[end + 1] == SLASH ? Spelling.SLASH : Spelling.DOT,
                new String(bytes, end + 2, bytes.length - end - 2, StandardCharsets.UTF_8));
    }

    PublishedSubject published() {
        return new PublishedSubject(spelling, subject);
    }

    byte[] bytes() {
        return bytes(tenant, published());
    }

    /** Messages of one subject are in one partition, whatever its spelling. */
    static int partitionOf(PublishedSubject subject, int partitions) {
        byte[] canonical = subject.canonical().getBytes(StandardCharsets.UTF_8);
        return Partitioner.partition(canonical, 0, canonical.length, partitions);
    }

    @Override
    public int compareTo(RetainedKey other) {
        int byTenant = tenant.compareTo(other.tenant);
        int bySpelling = byTenant != 0 ? byTenant : spelling.compareTo(other.spelling);
        return bySpelling != 0 ? bySpelling : subject.compareTo(other.subject);
    }
}
