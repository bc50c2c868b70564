/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.robustmq.kernel.RmqError;
import io.robustmq.rpc.meta.DocumentKey;

/** Name of a document. In its kind's column family the key is {@code tenant 0x00 name}. Immutable. */
public record DocKey(String kind, String tenant, String name) {
    private static final int NAME_BYTES_MAX = 4096;
    private static final int KIND_LENGTH_MAX = 64;

    static DocKey of(DocumentKey key) {
        return new DocKey(key.getKind(), key.getTenant(), key.getName());
    }

    static DocKey ofBytes(String kind, byte[] bytes) {
        int end = 0;
        while (bytes[end] != 0) {
            end++;
        }
        return new DocKey(
                kind, new String(bytes, 0, end, UTF_8), new String(bytes, end + 1, bytes.length - end - 1, UTF_8));
    }

    byte[] bytes() {
        return bytes(tenant, name);
    }

    /** The key in its column family, also of a prefix of names. */
    public static byte[] bytes(String tenant, String name) {
        return (tenant + '\0' + name).getBytes(UTF_8);
    }

    /** Refuses what cannot be a key. */
    DocKey checked() {
        checkKind(kind);
        if (name.isEmpty() || name.indexOf('\0') >= 0 || tenant.indexOf('\0') >= 0) {
            throw RmqError.INVALID_REQUEST.exception(
                    "a document's name is not empty, and neither it nor the tenant holds U+0000");
        }
        if (bytes().length > NAME_BYTES_MAX) {
            throw RmqError.INVALID_REQUEST.exception("a document's tenant and name have at most 4096 bytes together");
        }
        return this;
    }

    /** Refuses what cannot be a kind, the bookkeeping's families among it. */
    public static void checkKind(String kind) {
        boolean legal = !kind.isEmpty() && kind.length() <= KIND_LENGTH_MAX;
        for (int i = 0; legal && i < kind.length(); i++) {
            char c = kind.charAt(i);
            legal = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_';
        }
        if (!legal) {
            throw RmqError.INVALID_REQUEST.exception("a kind is [a-z0-9._-]{1,64}, not '" + kind + "'");
        }
    }

    DocumentKey toProto() {
        return DocumentKey.newBuilder()
                .setKind(kind)
                .setTenant(tenant)
                .setName(name)
                .build();
    }

    @Override
    public String toString() {
        return kind + " '" + name + "'" + (tenant.isEmpty() ? "" : " of tenant " + tenant);
    }
}
