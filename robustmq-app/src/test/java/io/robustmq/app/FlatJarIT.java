/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Nothing of a library was lost when its jar was taken apart: what several libraries bring under one name is in the
 * packaged jar with the contents of all.
 */
class FlatJarIT {
    /** One name a line: all lines of all libraries are needed. */
    private static final Pattern LISTS = Pattern.compile("META-INF/(services/[^/]+|spring/.*\\.imports)");

    /** Keys with comma-separated values: all values of all libraries are needed. */
    private static final Pattern PROPERTIES =
            Pattern.compile("META-INF/(spring\\.(factories|handlers|schemas)|spring/aot\\.factories"
                    + "|spring-autoconfigure-metadata\\.properties|io\\.netty\\.versions\\.properties)");

    /** Joined texts, in whatever case a library writes their names. */
    private static final Pattern TEXTS =
            Pattern.compile("META-INF/(LICENSE|NOTICE|DEPENDENCIES)(\\.txt)?", Pattern.CASE_INSENSITIVE);

    /** Told apart by their folders, or the same text in two layouts; one of each is enough. */
    private static final Pattern ONE_IS_ENOUGH = Pattern.compile("META-INF/(MANIFEST\\.MF|maven/.*|license/.*)");

    /** Classes of libraries that no node and no tool loads (docs/decisions/0030). */
    private static final Pattern LEFT_OUT =
            Pattern.compile("com/google/(?!common/|errorprone/|gson/|j2objc/|protobuf/|re2j/|rpc/|thirdparty/).*"
                    + "|com/google/common/(cache|eventbus|html|reflect|xml)/.*"
                    + "|org/apache/kafka/shaded/(com/google/protobuf|io/opentelemetry)/.*"
                    + "|org/apache/kafka/(controller|metadata/publisher|storage/internals/(checkpoint|epoch)"
                    + "|image/(loader|publisher))/.*"
                    + "|org/apache/kafka/.*JsonConverters?(\\$.*)?\\.class"
                    + "|io/netty/handler/codec/(rtsp|serialization|socks|spdy)/.*"
                    + "|io/micrometer/jakarta9/.*"
                    + "|io/micrometer/core/instrument/binder/(cache|commonspool2|grpc|httpcomponents|hystrix|jersey|jetty"
                    + "|jpa|mongodb|okhttp3|tomcat)/.*"
                    + "|org/springframework/security/([a-z/]*jackson2|authentication/jaas"
                    + "|web/(access|authentication|bind|context|csrf|debug|firewall|header|jaasapi|method|savedrequest|servlet"
                    + "|servletapi|session))/.*"
                    + "|org/jctools/(counters|maps|queues/(atomic/)?unpadded)/.*"
                    // Hashes of passwords need the lightweight API alone.
                    + "|META-INF/versions/\\d+/org/bouncycastle/.*"
                    + "|org/bouncycastle/(?!(asn1|asn1/x9|crypto|crypto/(digests|generators|macs|params|util)"
                    + "|math|math/(ec|ec/endo|field|raw)|util|util/(encoders|io))/[^/]+$|[^/]+$).*");

    /** What a class that needs one of them has in its constants. */
    private static final Pattern LEFT_OUT_NAME =
            Pattern.compile("com/google/(api|apps|cloud|geo|logging|longrunning|shopping|type)/"
                    + "|com/google/common/(cache|eventbus|html|reflect|xml)/"
                    + "|org/apache/kafka/shaded/(com/google/protobuf|io/opentelemetry)/"
                    + "|org/apache/kafka/(controller|metadata/publisher|storage/internals/(checkpoint|epoch)"
                    + "|image/(loader|publisher))/"
                    + "|org/apache/kafka/[\\w/]*JsonConverter"
                    + "|io/netty/handler/codec/(rtsp|serialization|socks|spdy)/"
                    + "|io/micrometer/jakarta9/"
                    + "|io/micrometer/core/instrument/binder/(cache|commonspool2|grpc|httpcomponents|hystrix|jersey|jetty"
                    + "|jpa|mongodb|okhttp3|tomcat)/"
                    + "|org/springframework/security/([a-z/]*jackson2|authentication/jaas"
                    + "|web/(access|authentication|bind|context|csrf|debug|firewall|header|jaasapi|method|savedrequest|servlet"
                    + "|servletapi|session))/"
                    + "|(?<!shaded/)org/jctools/(counters|maps|queues/(atomic/)?unpadded)/");

    private static JarFile packaged;
    private static final List<JarFile> LIBRARIES = new ArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        packaged = new JarFile(System.getProperty("robustmq.jar", "target/robustmq.jar"));
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (element.endsWith(".jar") && new File(element).isFile()) {
                JarFile library = new JarFile(element);
                if (isPackaged(library)) {
                    LIBRARIES.add(library);
                } else {
                    library.close();
                }
            }
        }
        assertThat(LIBRARIES).hasSizeGreaterThan(70);
    }

    @AfterAll
    static void close() throws IOException {
        for (JarFile library : LIBRARIES) {
            library.close();
        }
        packaged.close();
    }

    /** Whether its classes are in the packaged jar: the others are the tests'. */
    private static boolean isPackaged(JarFile library) {
        return library.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/") && !name.contains("-info"))
                .findFirst()
                .map(name -> packaged.getEntry(name) != null)
                .orElse(false);
    }

    @Test
    void everyListHasTheLinesOfAllLibraries() throws IOException {
        int lists = 0;
        for (JarFile library : LIBRARIES) {
            for (String name : names(library, LISTS)) {
                List<String> needed = lines(library, name).stream()
                        .filter(line -> !LEFT_OUT.matcher(line.replace('.', '/') + ".class")
                                .matches())
                        .toList();
                if (!needed.isEmpty()) {
                    assertThat(lines(packaged, name))
                            .as("%s of %s", name, library.getName())
                            .containsAll(needed);
                    lists++;
                }
            }
        }
        assertThat(lists).isGreaterThan(30);
        assertThat(lines(packaged, "META-INF/spring/io.robustmq.node.config.KnownKeys.imports"))
                .hasSizeGreaterThan(2);
    }

    @Test
    void everyPropertyHasTheValuesOfAllLibraries() throws IOException {
        int values = 0;
        for (JarFile library : LIBRARIES) {
            for (String name : names(library, PROPERTIES)) {
                Map<String, TreeSet<String>> merged = properties(packaged, name);
                for (var property : properties(library, name).entrySet()) {
                    assertThat(merged.getOrDefault(property.getKey(), new TreeSet<>()))
                            .as("%s in %s of %s", property.getKey(), name, library.getName())
                            .containsAll(property.getValue());
                    values++;
                }
            }
        }
        assertThat(values).isGreaterThan(300);
    }

    @Test
    void everyLicenceAndNoticeIsThere() throws IOException {
        Map<String, String> joined = new HashMap<>();
        for (String name : names(packaged, TEXTS)) {
            joined.put(name.toUpperCase(Locale.ROOT), text(packaged, name));
        }
        int texts = 0;
        for (JarFile library : LIBRARIES) {
            for (String name : names(library, TEXTS)) {
                assertThat(joined.get(name.toUpperCase(Locale.ROOT)))
                        .as("%s of %s", name, library.getName())
                        .contains(text(library, name).strip());
                texts++;
            }
        }
        assertThat(texts).isGreaterThan(30);
    }

    @Test
    void nothingElseIsBroughtTwiceWithDifferentContents() {
        Map<String, Long> first = new HashMap<>();
        TreeMap<String, String> collisions = new TreeMap<>();
        for (JarFile library : LIBRARIES) {
            for (ZipEntry entry : library.stream().toList()) {
                String name = entry.getName();
                if (entry.isDirectory() || packaged.getEntry(name) == null || isHandled(name)) {
                    continue;
                }
                Long before = first.putIfAbsent(name, entry.getCrc());
                if (before != null && before != entry.getCrc()) {
                    collisions.put(name, library.getName());
                }
            }
        }
        assertThat(collisions)
                .as("merge them in the shade plugin of robustmq-app/pom.xml")
                .isEmpty();
    }

    private static boolean isHandled(String name) {
        return List.of(LISTS, PROPERTIES, TEXTS, ONE_IS_ENOUGH).stream()
                .anyMatch(pattern -> pattern.matcher(name).matches());
    }

    /** Native code is left out by platform, which is {@link ReleaseJarIT}'s. */
    @Test
    void noClassFileWasLostThatIsNotLeftOut() {
        for (JarFile library : LIBRARIES) {
            assertThat(library.stream().map(ZipEntry::getName))
                    .filteredOn(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
                    .filteredOn(name -> !LEFT_OUT.matcher(name).matches())
                    .as(library.getName())
                    .allSatisfy(name -> assertThat(packaged.getEntry(name)).isNotNull());
        }
    }

    /** By name in the constant pool: whoever comes to use what is left out is found here, and not by a node at night. */
    @Test
    void onlyWhatIsSwitchedOffSpeaksOfClassesThatAreLeftOut() throws IOException {
        TreeSet<String> speakers = new TreeSet<>();
        for (JarEntry entry : packaged.stream().toList()) {
            if (entry.getName().endsWith(".class")) {
                assertThat(entry.getName()).doesNotMatch(LEFT_OUT);
                String constants = new String(bytes(packaged, entry.getName()), StandardCharsets.ISO_8859_1);
                if (LEFT_OUT_NAME.matcher(constants).find()) {
                    speakers.add(entry.getName().replaceFirst("/[^/]*$", ""));
                }
            }
        }
        // `bench` sets enable.metrics.push=false, and a client's metrics are not pushed to us.
        // The others are of Kafka's own log and controller, which the group coordinator's jars bring and nothing speaks
        // of.
        assertThat(speakers)
                .containsExactly(
                        "org/apache/kafka/common/telemetry/internals",
                        "org/apache/kafka/metadata",
                        "org/apache/kafka/metadata/authorizer",
                        "org/apache/kafka/server/log/remote/storage",
                        "org/apache/kafka/storage/internals/log",
                        // Spring Security for servlets, and its ways to log in by certificate or as somebody else.
                        "org/springframework/boot/actuate/security",
                        "org/springframework/security/web",
                        "org/springframework/security/web/aot/hint",
                        "org/springframework/security/web/jackson",
                        "org/springframework/security/web/server/authentication");
    }

    @Test
    void theManifestSpeaksForTheWholeJar() throws IOException {
        Attributes manifest = packaged.getManifest().getMainAttributes();
        assertThat(manifest.getValue(Attributes.Name.MAIN_CLASS)).isEqualTo(RobustMqApplication.class.getName());
        assertThat(manifest.getValue(Attributes.Name.MULTI_RELEASE)).isEqualTo("true");
        assertThat(manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION)).isNotBlank();
        assertThat(manifest.getValue("Enable-Native-Access")).isEqualTo("ALL-UNNAMED");
        assertThat(packaged.getEntry("META-INF/build-info.properties")).isNotNull();
        assertThat(packaged.stream().map(ZipEntry::getName))
                .noneMatch(name -> name.matches("META-INF/(INDEX\\.LIST|[^/]*\\.(SF|DSA|RSA|EC))"))
                .noneMatch(name -> name.endsWith("module-info.class"))
                .doesNotHaveDuplicates();
    }

    /** A driver under another name would not be found; two of them are for users to put there. */
    @Test
    void theDriversBesideItAreThoseThatItsManifestNames() throws IOException {
        List<String> named = new ArrayList<>(List.of(packaged.getManifest()
                .getMainAttributes()
                .getValue(Attributes.Name.CLASS_PATH)
                .split(" ")));
        named.removeAll(List.of("drivers/mysql-connector-j.jar", "drivers/mariadb-java-client.jar"));
        Path beside = Path.of(packaged.getName()).toAbsolutePath().getParent();
        try (Stream<Path> drivers = Files.list(beside.resolve("drivers"))) {
            assertThat(drivers.map(driver -> "drivers/" + driver.getFileName()))
                    .containsExactlyInAnyOrderElementsOf(named);
        }
        for (String driver : named) {
            try (JarFile jar = new JarFile(beside.resolve(driver).toFile())) {
                assertThat(jar.stream()
                                .map(ZipEntry::getName)
                                .filter(name -> name.endsWith(".class") && !name.contains("-info")))
                        .as("what the jar has already")
                        .noneMatch(name -> packaged.getEntry(name) != null);
            }
        }
    }

    private static List<String> names(JarFile jar, Pattern pattern) {
        return jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> pattern.matcher(name).matches())
                .toList();
    }

    private static byte[] bytes(JarFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertThat(entry).as("%s in %s", name, jar.getName()).isNotNull();
        try (InputStream stream = jar.getInputStream(entry)) {
            return stream.readAllBytes();
        }
    }

    /** With line ends as Unix has them, which joining may change. */
    private static String text(JarFile jar, String name) throws IOException {
        return new String(bytes(jar, name), StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private static List<String> lines(JarFile jar, String name) throws IOException {
        return text(jar, name)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static Map<String, TreeSet<String>> properties(JarFile jar, String name) throws IOException {
        Properties properties = new Properties();
        properties.load(new ByteArrayInputStream(bytes(jar, name)));
        Map<String, TreeSet<String>> values = new HashMap<>();
        properties.forEach((key, value) -> values.put(
                key.toString(),
                new TreeSet<>(Arrays.asList(value.toString().strip().split("\\s*,\\s*")))));
        return values;
    }
}
