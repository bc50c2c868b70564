/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench kafka}: the shapes of load, by Kafka's own Java client. Confined to the main thread. */
@Command(
        name = "kafka",
        description = "Loads a broker that speaks Kafka, with Kafka's own Java client.",
        footer = {
            "%nWith --rate, latency counts from the moment at which a record should have been sent, so a stalled broker",
            "cannot hide behind a generator that waits for it; without, from when the client took it."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class KafkaCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--help", usageHelp = true, description = "shows this help")
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand");
    }

    @Command(name = "produce", description = "Producers only; latency is until the acknowledgement.")
    void produce(
            @Mixin MqttCommand.Help asked,
            @Mixin KafkaLoadOptions options,
            @Option(names = "--producers", defaultValue = "1", description = "clients (default ${DEFAULT-VALUE})")
                    int producers,
            @Option(
                            names = "--rate",
                            defaultValue = "0",
                            description =
                                    "records a second in all; 0 is as fast as possible (default ${DEFAULT-VALUE})")
                    long rate) {
        CommonOptions.require(producers >= 1 && rate >= 0, "--producers is at least 1, --rate is not negative");
        load("produce", options, producers, 0, rate, 0);
    }

    @Command(
            name = "consume",
            description = "Consumers that read a topic from its beginning, over and over; fills a topic that it makes.")
    void consume(
            @Mixin MqttCommand.Help asked,
            @Mixin KafkaLoadOptions options,
            @Option(names = "--consumers", defaultValue = "1", description = "clients (default ${DEFAULT-VALUE})")
                    int consumers,
            @Option(
                            names = "--records",
                            defaultValue = "200000",
                            description = "of a topic that is made (default ${DEFAULT-VALUE})")
                    long records) {
        CommonOptions.require(consumers >= 1 && records >= 1, "--consumers and --records are at least 1");
        load("consume", options, 0, consumers, 0, records);
    }

    @Command(
            name = "e2e",
            description = "Producers, and consumers of what they produce; latency is from one to the other.")
    void endToEnd(
            @Mixin MqttCommand.Help asked,
            @Mixin KafkaLoadOptions options,
            @Option(names = "--producers", defaultValue = "1", description = "clients (default ${DEFAULT-VALUE})")
                    int producers,
            @Option(names = "--consumers", defaultValue = "1", description = "clients (default ${DEFAULT-VALUE})")
                    int consumers,
            @Option(
                            names = "--rate",
                            defaultValue = "1000",
                            description =
                                    "records a second in all; 0 is as fast as possible (default ${DEFAULT-VALUE})")
                    long rate) {
        CommonOptions.require(producers >= 1 && consumers >= 1, "--producers and --consumers are at least 1");
        CommonOptions.require(rate >= 0, "--rate is not negative");
        load("e2e", options, producers, consumers, rate, 0);
    }

    private void load(String name, KafkaLoadOptions options, int producers, int consumers, long rate, long preload) {
        options.check();
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            // Else the client tells its whole configuration where the summary is printed.
            context.getLogger("org.apache.kafka").setLevel(Level.OFF);
        }
        var values = new KafkaLoadRun(
                        name,
                        options,
                        producers,
                        consumers,
                        rate,
                        preload,
                        spec.commandLine().getErr())
                .run();
        Report.print(spec.commandLine().getOut(), options.json, values);
    }
}
