/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.architecture.SourceTree.SourceFile;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Checks the rules about files against the repository, and each rule against a file that breaks it. */
class RepositoryRulesTest {

    /** Paths of files whose first comment says why they are long. This list only ever gets shorter. */
    private static final Set<String> LONG = Set.of();

    private static SourceTree tree;
    private static List<SourceFile> files;
    private static List<JavaShape> shapes;

    @BeforeAll
    static void readEverything() {
        tree = SourceTree.find();
        files = tree.files();
        shapes = JavaShape.parse(files.stream().filter(SourceFile::isJava).toList());
    }

    @Nested
    class TheRepository {

        @Test
        void isSeen() {
            assertThat(files).extracting(SourceFile::path).contains("pom.xml", "README.md", ".ci/run", "mvnw");
            assertThat(tree.root().resolve("mvnw")).isExecutable();
            assertThat(shapes).hasSizeGreaterThan(100);
            assertThat(shapes.stream().filter(JavaShape::hasTests)).hasSizeGreaterThan(5);
        }

        @Test
        void hasShortFilesAndMethods() {
            assertThat(RepositoryRules.shortFiles(files, LONG)).isEmpty();
            assertThat(RepositoryRules.shortMethods(shapes, LONG)).isEmpty();
            assertThat(RepositoryRules.spentPermissions(shapes, LONG)).isEmpty();
        }

        @Test
        void isFinished() {
            assertThat(RepositoryRules.nothingUnfinished(files)).isEmpty();
            assertThat(RepositoryRules.testsAreNeverDisabled(files)).isEmpty();
        }

        @Test
        void testsWithoutSleepingOrMocking() {
            assertThat(RepositoryRules.testsNeverSleep(files)).isEmpty();
            assertThat(RepositoryRules.noMocks(files)).isEmpty();
            assertThat(RepositoryRules.testsAssertSomething(shapes)).isEmpty();
        }

        @Test
        void namesNoForeignPlace() {
            assertThat(RepositoryRules.noForeignPlaces(files)).isEmpty();
        }

        @Test
        void isLicensedAndCleanText() {
            assertThat(RepositoryRules.licenceHeaders(files)).isEmpty();
            assertThat(RepositoryRules.unixText(files)).isEmpty();
        }

        @Test
        void hasLinksThatLeadSomewhere() {
            assertThat(RepositoryRules.linksLeadSomewhere(tree.root(), files)).isEmpty();
        }

        @Test
        void hasOneVersionTable() {
            String rootPom = files.stream()
                    .filter(file -> file.path().equals("pom.xml"))
                    .findFirst()
                    .orElseThrow()
                    .text();
            var own = Pattern.compile("<artifactId>robustmq-parent</artifactId>\\s*<version>([^<]+)</version>")
                    .matcher(rootPom);
            assertThat(own.find()).isTrue();
            assertThat(RepositoryRules.oneVersionTable(files, own.group(1))).isEmpty();
        }
    }

    @Nested
    class EachRuleCatches {

        @Test
        void longFilesEvenIfListedWithoutReason() {
            var longFile = java("src/main/java/A.java", "// line\n".repeat(601));
            var reasoned = java("src/main/java/B.java", "/** Long because of a table. */\n" + "// line\n".repeat(601));

            assertThat(RepositoryRules.shortFiles(List.of(longFile, reasoned), Set.of(longFile.path(), "B.java")))
                    .hasSize(2);
            assertThat(RepositoryRules.shortFiles(List.of(reasoned), Set.of(reasoned.path())))
                    .isEmpty();
        }

        @Test
        void longMethods() {
            var file = java(
                    "src/main/java/A.java",
                    "class A { void fits() {" + "\n;".repeat(59) + "} void sprawls() {" + "\n;".repeat(60) + "} }\n");

            assertThat(RepositoryRules.shortMethods(JavaShape.parse(List.of(file)), Set.of()))
                    .singleElement()
                    .asString()
                    .contains("sprawls has 61 lines");
        }

        @Test
        void permissionsThatNobodyNeeds() {
            var shapes = JavaShape.parse(List.of(java("src/main/java/A.java", "class A {}\n")));

            assertThat(RepositoryRules.spentPermissions(shapes, Set.of("src/main/java/A.java")))
                    .containsExactly("src/main/java/A.java");
        }

        @Test
        void unfinishedWork() {
            var file = java("src/main/java/A.java", "// TO" + "DO later\n// TODOS are fine\n");

            assertThat(RepositoryRules.nothingUnfinished(List.of(file))).hasSize(1);
        }

        @Test
        void sleepingTests() {
            var text = "class A { void t() throws Exception { Thread.sl" + "eep(5); } }\n";

            assertThat(RepositoryRules.testsNeverSleep(List.of(java("m/src/test/java/A.java", text))))
                    .hasSize(1);
        }

        @Test
        void disabledTestsAndMocks() {
            var file = java("m/src/test/java/A.java", "import org.mock" + "ito.Mockito;\n@Dis" + "abled\nclass A {}\n");

            assertThat(RepositoryRules.testsAreNeverDisabled(List.of(file))).hasSize(1);
            assertThat(RepositoryRules.noMocks(List.of(file))).hasSize(1);
        }

        @Test
        void foreignPlaces() {
            var file = java(
                    "docs/a.md",
                    "see /wo" + "rk/notes\nhttps://repo.maven.apache" + ".org/maven2\n\"resol" + "ved\": \"x\"\n"
                            + "src/work/here is fine, http://maven.apache.org/POM/4.0.0 too\n");

            assertThat(RepositoryRules.noForeignPlaces(List.of(file))).hasSize(3);
        }

        @Test
        void testsWithoutAssertion() {
            var empty = java("m/src/test/java/A.java", "class A { @Test void t() { run(); } }\n");
            var asserting = java("m/src/test/java/B.java", "class B { @Test void t() { x.assertThat(1); } }\n");

            var helper = java("m/src/test/java/C.java", "class C { void run() { throw new AssertionError(); } }\n");
            var helped = java("m/src/test/java/D.java", "class D { @Test void t() { new C().run(); } }\n");

            assertThat(RepositoryRules.testsAssertSomething(JavaShape.parse(List.of(empty, asserting, helper, helped))))
                    .containsExactly("m/src/test/java/A.java: no assertion");
        }

        @Test
        void missingLicenceAndForeignText() {
            var file = new SourceFile("A.java", "class A {}\r\n");

            assertThat(RepositoryRules.licenceHeaders(List.of(file))).hasSize(1);
            assertThat(RepositoryRules.unixText(List.of(file))).hasSize(1);
        }

        @Test
        void linksIntoNothing() {
            var file = new SourceFile("README.md", "[a](docs/none.md#x) [b](pom.xml) [c](https://example.org)\n");

            assertThat(RepositoryRules.linksLeadSomewhere(tree.root(), List.of(file)))
                    .containsExactly("README.md: docs/none.md does not exist");
        }

        @Test
        void versionsOutsideOfTheTable() {
            var file = new SourceFile("kernel/pom.xml", "<version>1.0</version><version>${a.version}</version>\n");

            assertThat(RepositoryRules.oneVersionTable(List.of(file), "2.0")).hasSize(1);
        }

        private SourceFile java(String path, String body) {
            String header = "/*\n * Copyright 2026 the RobustMQ authors\n * SPDX-License-Identifier: Apache-2.0\n */\n";
            return new SourceFile(path, path.endsWith(".java") ? header + body : body);
        }
    }
}
