/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import kafka.Kafka;
import kafka.tools.StorageTool;

/** Formats the storage of a Kafka broker and runs it: the main class of a process of its own. Stateless. */
final class OriginalMain {

    private OriginalMain() {}

    /** @param args the properties file; the id of the cluster */
    public static void main(String[] args) {
        StorageTool.execute(new String[] {"format", "--ignore-formatted", "-t", args[1], "-c", args[0]}, System.err);
        // Ends with the test's process, however that ends: its standard input is closed then.
        Thread watch = new Thread(OriginalMain::haltWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        Kafka.main(new String[] {args[0]});
    }

    private static void haltWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said.
            }
        } catch (java.io.IOException e) {
            // The same as its end.
        }
        Runtime.getRuntime().halt(0);
    }
}
