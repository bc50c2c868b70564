/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.conformance;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The tests of all modules that name statements, found by the compiler's parser in their sources. Stateless. */
final class AnnotatedTests {
    private static final Set<String> TESTS = Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory");
    private static final String ANNOTATION = "Statement";

    private AnnotatedTests() {}

    /**
     * A method with the statements it names.
     *
     * @param file relative to the repository, with slashes
     * @param isTest whether JUnit runs the method
     */
    record AnnotatedTest(String file, String method, boolean isTest, List<String> statements) {
        String className() {
            return file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length());
        }
    }

    /** In the order of the files' paths. */
    static List<AnnotatedTest> find(Path root) throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(root)) {
            sources = files.filter(AnnotatedTests::mayName).sorted().toList();
        }
        if (sources.isEmpty()) {
            return List.of();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<AnnotatedTest> found = new ArrayList<>();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    diagnostic -> {},
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(sources));
            for (CompilationUnitTree unit : task.parse()) {
                Path file = root.toAbsolutePath()
                        .normalize()
                        .relativize(Path.of(unit.getSourceFile().toUri()));
                new Scanner(file.toString().replace('\\', '/'), found).scan(unit, null);
            }
        }
        return found;
    }

    private static boolean mayName(Path file) {
        String path = file.toString().replace('\\', '/');
        try {
            return path.contains("/src/test/java/")
                    && path.endsWith(".java")
                    && Files.readString(file).contains("@" + ANNOTATION + "(");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Confined to the thread that parses. */
    private static final class Scanner extends TreeScanner<Void, Void> {
        private final String file;
        private final List<AnnotatedTest> found;

        Scanner(String file, List<AnnotatedTest> found) {
            this.file = file;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            List<String> statements = new ArrayList<>();
            boolean isTest = false;
            for (AnnotationTree annotation : method.getModifiers().getAnnotations()) {
                String name = annotation.getAnnotationType().toString();
                isTest |= TESTS.contains(name);
                if (name.equals(ANNOTATION)) {
                    annotation.getArguments().forEach(argument -> collect(argument, statements));
                }
            }
            if (!statements.isEmpty()) {
                found.add(new AnnotatedTest(file, method.getName().toString(), isTest, List.copyOf(statements)));
            }
            return super.visitMethod(method, nothing);
        }

        private static void collect(ExpressionTree value, List<String> statements) {
            if (value instanceof AssignmentTree assignment) {
                collect(assignment.getExpression(), statements);
            } else if (value instanceof NewArrayTree array) {
                array.getInitializers().forEach(each -> collect(each, statements));
            } else if (value instanceof LiteralTree literal) {
                statements.add(String.valueOf(literal.getValue()));
            } else {
                throw new IllegalArgumentException("not a literal: " + value);
            }
        }
    }
}
