/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The text files of the repository, found from any module's folder; what .gitignore names is left out. Immutable. */
record SourceTree(Path root, List<SourceFile> files) {

    private static final Set<String> IGNORED =
            Set.of(".git", "target", "node_modules", "data", ".idea", ".vscode", ".m2", ".settings");

    /** A file with its path relative to the root, in slashes. */
    record SourceFile(String path, String text) {
        boolean isJava() {
            return path.endsWith(".java");
        }

        boolean isTest() {
            return path.contains("/src/test/");
        }

        List<String> lines() {
            return text.lines().toList();
        }
    }

    static SourceTree find() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return read(folder);
    }

    private static SourceTree read(Path root) {
        var files = new ArrayList<SourceFile>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean ignored =
                            IGNORED.contains(folder.getFileName().toString()) && !isPackage(root.relativize(folder));
                    return ignored ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String path = root.relativize(file).toString().replace('\\', '/');
                    if (attributes.isRegularFile() && !path.endsWith(".log") && !path.endsWith(".iml")) {
                        text(file).ifPresent(text -> files.add(new SourceFile(path, text)));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SourceTree(root, Collections.unmodifiableList(files));
    }

    /** A package may well be called data. */
    private static boolean isPackage(Path folder) {
        return folder.toString().replace('\\', '/').contains("/java/");
    }

    /** Nothing for what is not UTF-8 text. */
    private static Optional<String> text(Path file) throws IOException {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        try {
            String text =
                    decoder.decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
            return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
