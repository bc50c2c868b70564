/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

import io.robustmq.architecture.SourceTree.SourceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rules about files. Each answers with its problems, one line a problem, beginning with the place. Stateless. */
final class RepositoryRules {

    static final int FILE_LINES_MAX = 600;
    static final int METHOD_LINES_MAX = 60;

    /** What the first comment of a file says before its reason for being long. */
    static final String REASON = "Long because";

    private static final String HEADER = """
            /*
             * Copyright 2026 the RobustMQ authors
             * SPDX-License-Identifier: Apache-2.0
             */
            """;

    // Patterns are put together from pieces, so that this file does not break the rules that it checks.
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern SLEEP = Pattern.compile("\\bThread\\s*\\.\\s*sl" + "eep\\s*\\(");
    private static final Pattern DISABLED = Pattern.compile("^\\s*@Dis" + "abled\\b");
    private static final Pattern MOCKS = Pattern.compile("\\borg\\.mock" + "ito\\b");
    private static final Pattern FOREIGN = Pattern.compile("(?<![\\w.$}-])/(work|farm|home/\\w+|Users/\\w+)/"
            + "|repo1?\\.maven\\.(apache\\.)?org|registry\\.(npmjs|yarnpkg)\\.|maven\\.aliyun|central\\.sonatype"
            + "|plugins\\.gradle\\.org|\"resolved\"\\s*:");
    private static final Pattern LINK = Pattern.compile("]\\((?![a-z]+:)([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern VERSION = Pattern.compile("<version>(?!\\$\\{)([^<]*)</version>");
    private static final Pattern ASSERTION =
            Pattern.compile("(assert|expect|verify|await|check|fail|conform)\\p{Alnum}*");

    private RepositoryRules() {}

    /** @param allowed paths of the files that may be long because their first comment says why */
    static List<String> shortFiles(List<SourceFile> files, Set<String> allowed) {
        var problems = new ArrayList<String>();
        for (var file : files) {
            int lines = file.lines().size();
            if (!file.isJava()) {
                continue;
            }
            if (lines > FILE_LINES_MAX && !(allowed.contains(file.path()) && saysWhy(file))) {
                problems.add("%s: %d lines".formatted(file.path(), lines));
            }
        }
        return problems;
    }

    static List<String> shortMethods(List<JavaShape> shapes, Set<String> allowed) {
        var problems = new ArrayList<String>();
        for (var shape : shapes) {
            var file = shape.file();
            for (var method : shape.methods()) {
                if (method.length() > METHOD_LINES_MAX && !(allowed.contains(file.path()) && saysWhy(file))) {
                    problems.add("%s:%d: %s has %d lines"
                            .formatted(file.path(), method.line(), method.name(), method.length()));
                }
            }
        }
        return problems;
    }

    /** A permission that nobody needs any more is taken back. */
    static List<String> spentPermissions(List<JavaShape> shapes, Set<String> allowed) {
        var needed = shapes.stream()
                .filter(shape -> shape.file().lines().size() > FILE_LINES_MAX
                        || shape.methods().stream().anyMatch(method -> method.length() > METHOD_LINES_MAX))
                .map(shape -> shape.file().path())
                .toList();
        return allowed.stream().filter(path -> !needed.contains(path)).toList();
    }

    static List<String> nothingUnfinished(List<SourceFile> files) {
        return lines(files, file -> !file.path().endsWith(".md") && !isLockFile(file), UNFINISHED);
    }

    static List<String> testsNeverSleep(List<SourceFile> files) {
        return lines(files, file -> file.isJava() && file.isTest(), SLEEP);
    }

    static List<String> testsAreNeverDisabled(List<SourceFile> files) {
        return lines(files, SourceFile::isJava, DISABLED);
    }

    static List<String> noMocks(List<SourceFile> files) {
        return lines(files, SourceFile::isJava, MOCKS);
    }

    static List<String> noForeignPlaces(List<SourceFile> files) {
        return lines(files, file -> true, FOREIGN);
    }

    /** A test that leaves its assertions to a helper names one that asserts. */
    static List<String> testsAssertSomething(List<JavaShape> shapes) {
        var testing = shapes.stream()
                .filter(shape -> shape.file().isTest() || shape.file().path().contains("/testkit/"))
                .toList();
        Set<String> asserting = testing.stream()
                .filter(RepositoryRules::asserts)
                .map(JavaShape::className)
                .collect(Collectors.toSet());
        boolean grew = true;
        while (grew) {
            grew = asserting.addAll(testing.stream()
                    .filter(shape -> !Collections.disjoint(shape.named(), asserting))
                    .map(JavaShape::className)
                    .toList());
        }
        return testing.stream()
                .filter(shape -> shape.hasTests() && !asserting.contains(shape.className()))
                .map(shape -> shape.file().path() + ": no assertion")
                .toList();
    }

    private static boolean asserts(JavaShape shape) {
        return shape.named().contains("AssertionError")
                || shape.called().stream()
                        .anyMatch(name -> ASSERTION.matcher(name).matches());
    }

    static List<String> licenceHeaders(List<SourceFile> files) {
        return files.stream()
                .filter(file -> file.isJava() && !file.text().startsWith(HEADER))
                .map(file -> file.path() + ": no licence header")
                .toList();
    }

    static List<String> unixText(List<SourceFile> files) {
        return files.stream()
                .filter(file -> !file.text().isEmpty())
                .filter(file -> file.text().indexOf('\r') >= 0 || !file.text().endsWith("\n"))
                .map(file -> file.path() + ": carriage return, or no newline at the end")
                .toList();
    }

    static List<String> linksLeadSomewhere(Path root, List<SourceFile> files) {
        var problems = new ArrayList<String>();
        for (var file : files) {
            if (!file.path().endsWith(".md")) {
                continue;
            }
            var links = LINK.matcher(file.text());
            while (links.find()) {
                if (!Files.exists(root.resolve(file.path()).resolveSibling(links.group(1)))) {
                    problems.add("%s: %s does not exist".formatted(file.path(), links.group(1)));
                }
            }
        }
        return problems;
    }

    /** Only the root pom names versions; the others name the project's own, in their parent. */
    static List<String> oneVersionTable(List<SourceFile> files, String projectVersion) {
        var problems = new ArrayList<String>();
        for (var file : files) {
            if (!file.path().endsWith("/pom.xml")) {
                continue;
            }
            var versions = VERSION.matcher(file.text());
            while (versions.find()) {
                if (!versions.group(1).equals(projectVersion)) {
                    problems.add("%s: version %s".formatted(file.path(), versions.group(1)));
                }
            }
        }
        return problems;
    }

    private static boolean saysWhy(SourceFile file) {
        int afterHeader = file.text().indexOf("*/") + 2;
        int type = file.text().indexOf("\nimport ");
        int comment = file.text().indexOf("/*", Math.max(afterHeader, type));
        int end = file.text().indexOf("*/", comment + 2);
        return comment >= 0
                && end > comment
                && file.text().substring(comment, end).contains(REASON);
    }

    private static boolean isLockFile(SourceFile file) {
        return file.path().endsWith("package-lock.json");
    }

    private static List<String> lines(List<SourceFile> files, Predicate<SourceFile> which, Pattern pattern) {
        var problems = new ArrayList<String>();
        for (var file : files) {
            if (!which.test(file)) {
                continue;
            }
            var lines = file.lines();
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    problems.add("%s:%d: %s"
                            .formatted(file.path(), i + 1, lines.get(i).strip()));
                }
            }
        }
        return problems;
    }
}
