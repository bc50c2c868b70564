/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code ctl health}. Confined to the main thread. */
@Command(
        name = "health",
        description = "How a node is; ends with exit code 1 when it is not up.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class HealthCommand implements java.util.concurrent.Callable<Integer> {
    @ParentCommand
    private CtlCommand ctl;

    @Parameters(arity = "0..1", paramLabel = "PART", description = "of one part or group: storage, readiness")
    private @Nullable String part;

    @Override
    public Integer call() {
        JsonNode health =
                ctl.client().getWhole("/health" + (part == null ? "" : "/" + AdminClient.encode(part)), Map.of());
        String status = health.path("status").asString("UNKNOWN");
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(health);
        } else {
            ctl.out().println("Status  " + status);
            JsonNode components = health.path("components");
            if (!components.isEmpty()) {
                ctl.out().println();
                Table table = new Table("PART", "STATUS", "DETAILS");
                components
                        .propertyStream()
                        .forEach(each -> table.row(
                                each.getKey(),
                                Texts.field(each.getValue(), "status"),
                                Texts.pairs(each.getValue().path("details"))));
                table.print(ctl.out());
            }
        }
        return status.equals("UP") ? 0 : ExitCode.REFUSED;
    }
}
