/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bytes in JSON: as text when a person could read it, else as base64 and marked as such. Stateless. */
final class Bytes {
    static final String BASE64 = "base64";
    static final String ENCODING_SUFFIX = "Encoding";

    private Bytes() {}

    /** Puts the bytes under the name, and how they are encoded under {@code <name>Encoding} when not as text. */
    static void put(Map<String, Object> json, String name, byte @Nullable [] bytes) {
        String text = bytes == null ? null : text(bytes);
        if (bytes == null || text != null) {
            json.put(name, text);
        } else {
            json.put(name, Base64.getEncoder().encodeToString(bytes));
            json.put(name + ENCODING_SUFFIX, BASE64);
        }
    }

    /** The bytes that a request means; fails with INVALID_REQUEST. */
    static byte[] parse(String name, String text, @Nullable String encoding) {
        if (encoding == null || encoding.equals("text")) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (!encoding.equals(BASE64)) {
            throw Problem.invalid(name + ENCODING_SUFFIX + " is text or base64, not '" + encoding + "'");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(name + " is not base64");
        }
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.chars().anyMatch(Bytes::isControl) ? null : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isControl(int character) {
        boolean whiteSpace = character == '\t' || character == '\n' || character == '\r';
        return Character.isISOControl(character) && !whiteSpace;
    }
}
