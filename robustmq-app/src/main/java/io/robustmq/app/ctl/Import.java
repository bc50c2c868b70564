/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends the lines of a file one by one, and says at the end how it went. Confined to the main thread. */
final class Import {
    private final CtlCommand ctl;
    private int done;
    private int skipped;
    private int failed;

    Import(CtlCommand ctl) {
        this.ctl = ctl;
    }

    static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CtlException(ExitCode.USAGE, file + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * Fails at the end when a line could not be had; the others are there then.
     *
     * @param what for the answer, in the plural
     */
    void send(List<MosquittoFiles.Line> lines, String path, @Nullable String tenant, String what) {
        for (MosquittoFiles.Line line : lines) {
            Map<String, Object> body = line.body();
            if (body == null) {
                complain(line, String.valueOf(line.problem()));
                continue;
            }
            try {
                ctl.client().post(path, AdminClient.query("tenant", tenant), body);
                done++;
            } catch (CtlException e) {
                if (e.error().equals("TOPIC_EXISTS")) {
                    skipped++;
                } else if (e.exitCode() == ExitCode.REFUSED) {
                    complain(line, String.valueOf(e.getMessage()));
                } else {
                    throw e;
                }
            }
        }
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("imported", done, "present", skipped, "failed", failed));
        } else {
            ctl.out().println("Imported " + done + " " + what + "; " + skipped + " were there, " + failed + " failed.");
        }
        if (failed > 0) {
            throw new CtlException(ExitCode.REFUSED, failed + " lines could not be imported");
        }
    }

    private void complain(MosquittoFiles.Line line, String why) {
        failed++;
        ctl.err().println("line " + line.number() + ": " + why);
    }
}
