/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the golden files: one packet a line, columns divided by bars. */
final class Golden {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden");

    private Golden() {}

    /** One line; the version is null where none was agreed on yet. */
    record Row(int line, @Nullable MqttVersion version, byte[] bytes, List<String> columns) {
        ByteBuf buffer() {
            return Unpooled.wrappedBuffer(bytes);
        }

        @Override
        public String toString() {
            return line + ": " + ByteBufUtil.hexDump(bytes) + " " + columns;
        }
    }

    static List<Row> rows(String file) {
        List<Row> rows = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] columns = line.split("\\|", -1);
            byte[] bytes = ByteBufUtil.decodeHexDump(columns[1].replaceAll("\\s", ""));
            List<String> rest = new ArrayList<>();
            for (int c = 2; c < columns.length; c++) {
                rest.add(columns[c].strip());
            }
            rows.add(new Row(i + 1, version(columns[0].strip()), bytes, rest));
        }
        return rows;
    }

    static List<String> lines(String file) {
        try {
            return Files.readAllLines(DIRECTORY.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(String file, List<String> lines) {
        try {
            Files.write(DIRECTORY.resolve(file), lines, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable MqttVersion version(String name) {
        return switch (name) {
            case "v3.1" -> MqttVersion.V3_1;
            case "v3.1.1" -> MqttVersion.V3_1_1;
            case "v5" -> MqttVersion.V5;
            case "-" -> null;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
