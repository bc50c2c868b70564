/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import io.robustmq.architecture.SourceTree.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** What the compiler's parser, without resolving any name, tells about one Java file. Immutable. */
record JavaShape(SourceFile file, List<Method> methods, Set<String> called, Set<String> named) {

    private static final Set<String> TEST_ANNOTATIONS =
            Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate");

    record Method(String name, int line, int length, boolean isTest) {}

    static List<JavaShape> parse(List<SourceFile> files) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var inputs = files.stream().map(Input::new).toList();
        // The compiler wraps its inputs: only their names come back.
        var byName = inputs.stream().collect(Collectors.toMap(Input::toUri, input -> input.file));
        var task = (JavacTask) compiler.getTask(null, null, diagnostic -> {}, List.of("-proc:none"), null, inputs);
        var shapes = new ArrayList<JavaShape>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                var scanner = new Scanner(Trees.instance(task), unit);
                scanner.scan(unit, null);
                var file = byName.get(unit.getSourceFile().toUri());
                shapes.add(new JavaShape(
                        file, List.copyOf(scanner.methods), Set.copyOf(scanner.called), Set.copyOf(scanner.named)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shapes;
    }

    String className() {
        String path = file.path();
        return path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
    }

    boolean hasTests() {
        return methods.stream().anyMatch(Method::isTest);
    }

    private static final class Input extends SimpleJavaFileObject {
        private final SourceFile file;

        Input(SourceFile file) {
            super(URI.create("string:///" + file.path()), JavaFileObject.Kind.SOURCE);
            this.file = file;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return file.text();
        }
    }

    /** Confined to the thread that parses. */
    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final Trees trees;
        private final CompilationUnitTree unit;
        private final List<Method> methods = new ArrayList<>();
        private final Set<String> called = new HashSet<>();
        private final Set<String> named = new HashSet<>();

        Scanner(Trees trees, CompilationUnitTree unit) {
            this.trees = trees;
            this.unit = unit;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            var positions = trees.getSourcePositions();
            var lines = unit.getLineMap();
            long end = positions.getEndPosition(unit, method);
            if (end >= 0) {
                int first = (int) lines.getLineNumber(positions.getStartPosition(unit, method));
                int last = (int) lines.getLineNumber(end);
                boolean isTest = method.getModifiers().getAnnotations().stream().anyMatch(Scanner::isTestAnnotation);
                methods.add(new Method(method.getName().toString(), first, last - first + 1, isTest));
            }
            return super.visitMethod(method, nothing);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
            if (call.getMethodSelect() instanceof IdentifierTree name) {
                called.add(name.getName().toString());
            } else if (call.getMethodSelect() instanceof MemberSelectTree member) {
                called.add(member.getIdentifier().toString());
            }
            return super.visitMethodInvocation(call, nothing);
        }

        @Override
        public Void visitIdentifier(IdentifierTree identifier, Void nothing) {
            named.add(identifier.getName().toString());
            return super.visitIdentifier(identifier, nothing);
        }

        private static boolean isTestAnnotation(AnnotationTree annotation) {
            return TEST_ANNOTATIONS.contains(annotation.getAnnotationType().toString());
        }
    }
}
