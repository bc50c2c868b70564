/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 10}, {@code 10s}, {@code 500ms}, {@code 2m}. Stateless. */
final class Seconds implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        String number = text.replaceFirst("[a-z]+$", "");
        try {
            long value = Long.parseUnsignedLong(number);
            return switch (text.substring(number.length())) {
                case "", "s" -> Duration.ofSeconds(value);
                case "ms" -> Duration.ofMillis(value);
                case "m" -> Duration.ofMinutes(value);
                default -> throw wrong(text);
            };
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("'" + text + "' is not a time like 10s, 500ms or 2m");
    }
}
