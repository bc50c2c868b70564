/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints the ten slowest tests of a build from its Surefire and Failsafe reports. What a class needs besides its test methods, such
 * as starting a node, is counted as its set-up.
 *
 * <p>Arguments: the root of the source tree; the start of the build (reports of earlier builds are left out).
 */
final class SlowestTests {

    private static final int SHOWN = 10;

    private record Timing(String name, double seconds) {}

    public static void main(String[] args) throws IOException, XMLStreamException {
        var start = Instant.parse(args[1]);
        var timings = new ArrayList<Timing>();
        for (var report : reports(Path.of(args[0]), start)) {
            read(report, timings);
        }
        if (timings.isEmpty()) {
            return;
        }
        timings.sort(Comparator.comparingDouble(Timing::seconds).reversed());
        double total = timings.stream().mapToDouble(Timing::seconds).sum();
        System.out.printf(Locale.ROOT, "The %d slowest tests (all tests together: %.1f s)%n", SHOWN, total);
        for (var timing : timings.subList(0, Math.min(SHOWN, timings.size()))) {
            System.out.printf(Locale.ROOT, "%8.3f s  %s%n", timing.seconds(), timing.name());
        }
    }

    private static List<Path> reports(Path root, Instant start) throws IOException {
        var found = new ArrayList<Path>();
        try (Stream<Path> poms = Files.find(root, 5, (path, attributes) -> path.endsWith("pom.xml"))) {
            for (var pom : (Iterable<Path>) poms::iterator) {
                collect(pom.resolveSibling("target/surefire-reports"), start, found);
                collect(pom.resolveSibling("target/failsafe-reports"), start, found);
            }
        }
        return found;
    }

    private static void collect(Path folder, Instant start, List<Path> found) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
            for (var report : reports) {
                if (!Files.getLastModifiedTime(report).toInstant().isBefore(start)) {
                    found.add(report);
                }
            }
        }
    }

    private static void read(Path report, List<Timing> timings) throws IOException, XMLStreamException {
        var factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        double setUp = 0;
        String suite = "";
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamReader.START_ELEMENT) {
                    continue;
                }
                if (xml.getLocalName().equals("testsuite")) {
                    suite = simple(xml.getAttributeValue(null, "name"));
                    setUp = seconds(xml);
                } else if (xml.getLocalName().equals("testcase")) {
                    double seconds = seconds(xml);
                    setUp -= seconds;
                    String owner = simple(xml.getAttributeValue(null, "classname"));
                    timings.add(new Timing(owner + "." + xml.getAttributeValue(null, "name"), seconds));
                }
            }
        }
        if (setUp > 0) {
            timings.add(new Timing(suite + " (set-up)", setUp));
        }
    }

    /** Surefire groups thousands with a comma. */
    private static double seconds(XMLStreamReader xml) {
        String time = xml.getAttributeValue(null, "time");
        return time == null ? 0 : Double.parseDouble(time.replace(",", ""));
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
