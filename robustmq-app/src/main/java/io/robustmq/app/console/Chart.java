/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A small drawing of one or two series over time, in the coordinates of its SVG.
 *
 * @param top the value of the upper edge, in words
 * @param label for those who do not see it
 */
record Chart(String title, String top, String label, List<Line> lines) {
    static final int WIDTH = 600;
    static final int HEIGHT = 120;
    private static final int MARGIN = 4;

    /**
     * A line.
     *
     * @param points those of an SVG polyline
     * @param area the same, closed along the lower edge
     * @param now its last value, in words
     */
    record Line(String name, String css, String points, String area, String now) {}

    /** A series with its name. */
    record Named(String name, double[] values) {}

    static Chart of(String title, DoubleFunction<String> words, Named... all) {
        double max = 0;
        for (Named each : all) {
            max = Math.max(max, Samples.max(each.values));
        }
        double top = ceiling(max);
        Line[] lines = new Line[all.length];
        StringBuilder label = new StringBuilder(title);
        for (int i = 0; i < all.length; i++) {
            lines[i] = line(all[i], i, top, words);
            label.append(i == 0 ? ": " : ", ")
                    .append(all[i].name)
                    .append(' ')
                    .append(lines[i].now)
                    .append(" now, at most ")
                    .append(words.apply(Samples.max(all[i].values)));
        }
        return new Chart(title, words.apply(top), label.toString(), List.of(lines));
    }

    /** A value that is easy to read. */
    static double ceiling(double max) {
        if (max <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(max)));
        for (double step : new double[] {1, 2, 5, 10}) {
            if (max <= step * power) {
                return step * power;
            }
        }
        return max;
    }

    private static Line line(Named series, int index, double top, DoubleFunction<String> words) {
        double[] values = series.values;
        StringBuilder points = new StringBuilder();
        double step = (double) WIDTH / (Samples.COUNT - 1);
        double x = WIDTH - (values.length - 1) * step;
        String first = coordinate(x);
        for (double value : values) {
            double y = HEIGHT - value / top * (HEIGHT - MARGIN);
            points.append(points.isEmpty() ? "" : " ")
                    .append(coordinate(x))
                    .append(',')
                    .append(coordinate(y));
            x += step;
        }
        String area = points.isEmpty() ? "" : first + "," + HEIGHT + " " + points + " " + WIDTH + "," + HEIGHT;
        String now = words.apply(values.length == 0 ? 0 : values[values.length - 1]);
        return new Line(series.name, "line-" + (index + 1), points.toString(), area, now);
    }

    private static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
