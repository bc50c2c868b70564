/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code ctl info}. Confined to the main thread. */
@Command(name = "info", description = "What a node runs on.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class InfoCommand implements Runnable {
    @ParentCommand
    private CtlCommand ctl;

    @Override
    public void run() {
        JsonNode info = ctl.client().get("/info", Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(info);
            return;
        }
        Table table = new Table("WHAT", "VALUE");
        flatten("", info, table);
        table.print(ctl.out());
    }

    private static void flatten(String name, JsonNode value, Table table) {
        if (value.isObject()) {
            value.propertyStream()
                    .forEach(each -> flatten(
                            name.isEmpty() ? each.getKey() : name + "." + each.getKey(), each.getValue(), table));
        } else {
            table.row(name, value.asString(""));
        }
    }
}
