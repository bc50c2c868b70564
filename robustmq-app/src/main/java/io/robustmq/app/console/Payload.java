/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bytes for people: JSON over lines, text as it is, anything else as hex.
 *
 * @param kind json, text, hex, empty
 * @param cut how many bytes are not shown
 */
record Payload(String kind, String shown, long bytes, long cut) {
    static final int SHOWN_MAX = 16 * 1024;
    private static final int HEX_BYTES_MAX = 1024;
    private static final int HEX_LINE = 16;
    private static final int PRINTABLE_FIRST = 0x20;
    private static final int PRINTABLE_LAST = 0x7e;

    /**
     * As the API answers it.
     *
     * @param encoding base64, or null for text
     * @param hex whether the bytes are wanted whatever they are
     */
    static Payload of(@Nullable Object value, @Nullable Object encoding, boolean hex) {
        if (value == null) {
            return new Payload("empty", "", 0, 0);
        }
        String text = value.toString();
        boolean isBinary = "base64".equals(encoding);
        byte[] bytes =
                isBinary ? Base64.getDecoder().decode(text) : text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (isBinary || hex) {
            int shown = Math.min(bytes.length, HEX_BYTES_MAX);
            return new Payload("hex", hex(bytes, shown), bytes.length, bytes.length - shown);
        }
        if (text.length() > SHOWN_MAX) {
            return new Payload("text", text.substring(0, SHOWN_MAX), bytes.length, text.length() - SHOWN_MAX);
        }
        String json = json(text);
        return new Payload(json == null ? "text" : "json", json == null ? text : json, bytes.length, 0);
    }

    private static @Nullable String json(String text) {
        String start = text.strip();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return null;
        }
        try {
            JsonMapper mapper = JsonMapper.shared();
            return mapper.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(mapper.readTree(text));
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String hex(byte[] bytes, int count) {
        StringBuilder lines = new StringBuilder();
        for (int from = 0; from < count; from += HEX_LINE) {
            int to = Math.min(from + HEX_LINE, count);
            lines.append(String.format(Locale.ROOT, "%06x ", from));
            for (int i = from; i < from + HEX_LINE; i++) {
                lines.append(i < to ? String.format(Locale.ROOT, " %02x", bytes[i]) : "   ");
            }
            lines.append("  ");
            for (int i = from; i < to; i++) {
                lines.append(bytes[i] >= PRINTABLE_FIRST && bytes[i] <= PRINTABLE_LAST ? (char) bytes[i] : '.');
            }
            lines.append('\n');
        }
        return lines.toString();
    }
}
