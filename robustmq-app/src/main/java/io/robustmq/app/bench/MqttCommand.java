/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.robustmq.mqtt.codec.MqttVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench mqtt}: the shapes of load. Confined to the main thread. */
@Command(
        name = "mqtt",
        description = "Loads a broker that speaks MQTT.",
        footer = {
            "%nLatency counts from the moment at which a message should have been sent, so a stalled broker cannot",
            "hide behind a generator that waits for it."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class MqttCommand implements Runnable {
    private static final int FANIN_WINDOW_QOS0 = 1000;
    private static final int FANIN_WINDOW = 100;
    private static final int FANOUT_WINDOW_QOS0 = 50;
    private static final int FANOUT_WINDOW = 20;
    private static final int PAIR_WINDOW = 10;

    @Spec
    private CommandSpec spec;

    @Option(names = "--help", usageHelp = true, description = "shows this help")
    private boolean help;

    /** {@code --help} of a subcommand. Filled by picocli. */
    static final class Help {
        @Option(names = "--help", usageHelp = true, description = "shows this help")
        private boolean help;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand");
    }

    @Command(name = "pub", description = "Publishers only; who receives is not watched.")
    void pub(
            @Mixin Help asked,
            @Mixin LoadOptions options,
            @Option(
                            names = {"--publishers", "--clients"},
                            defaultValue = "10",
                            description = "connections")
                    int publishers) {
        int window = options.window == null ? 0 : options.window;
        load(
                options,
                new Plan(
                        "pub",
                        version(options),
                        options.qos,
                        options.size,
                        publishers,
                        0,
                        0,
                        false,
                        topic(options, "bench/%i"),
                        "",
                        window,
                        options.rate,
                        lanes(options, publishers)));
    }

    @Command(name = "sub", description = "Subscribers only; latency is right when the publisher runs on this machine.")
    void sub(
            @Mixin Help asked,
            @Mixin LoadOptions options,
            @Option(
                            names = {"--subscribers", "--clients"},
                            defaultValue = "1",
                            description = "connections")
                    int subscribers) {
        load(
                options,
                new Plan(
                        "sub",
                        version(options),
                        options.qos,
                        options.size,
                        0,
                        subscribers,
                        0,
                        false,
                        "",
                        topic(options, "bench/#"),
                        0,
                        0,
                        lanes(options, subscribers)));
    }

    @Command(name = "pair", description = "As many publishers as subscribers, each with its own topic; window 10.")
    void pair(
            @Mixin Help asked,
            @Mixin LoadOptions options,
            @Option(
                            names = {"--pairs", "--clients"},
                            defaultValue = "50",
                            description = "of connections")
                    int pairs) {
        int window = options.window == null ? PAIR_WINDOW : options.window;
        String topic = topic(options, "bench/pair/" + runTag() + "/%i");
        load(
                options,
                new Plan(
                        "pair",
                        version(options),
                        options.qos,
                        options.size,
                        pairs,
                        pairs,
                        1,
                        true,
                        topic,
                        topic,
                        window,
                        options.rate,
                        lanes(options, pairs)));
    }

    @Command(name = "fanin", description = "Many publishers, one subscriber; window 1000, with QoS 1 and 2 100.")
    void fanin(
            @Mixin Help asked,
            @Mixin LoadOptions options,
            @Option(
                            names = {"--publishers", "--clients"},
                            defaultValue = "10",
                            description = "connections")
                    int publishers) {
        int window = window(options, FANIN_WINDOW_QOS0, FANIN_WINDOW);
        String base = topic(options, "bench/in/" + runTag());
        load(
                options,
                new Plan(
                        "fanin",
                        version(options),
                        options.qos,
                        options.size,
                        publishers,
                        1,
                        1,
                        false,
                        base + "/%i",
                        base + "/#",
                        window,
                        options.rate,
                        1));
    }

    @Command(name = "fanout", description = "One publisher, many subscribers; window 50, with QoS 1 and 2 20.")
    void fanout(
            @Mixin Help asked,
            @Mixin LoadOptions options,
            @Option(
                            names = {"--subscribers", "--clients"},
                            defaultValue = "100",
                            description = "connections")
                    int subscribers) {
        CommonOptions.require(subscribers <= Short.MAX_VALUE, "--subscribers is at most " + Short.MAX_VALUE);
        int window = window(options, FANOUT_WINDOW_QOS0, FANOUT_WINDOW);
        String topic = topic(options, "bench/out/" + runTag());
        load(
                options,
                new Plan(
                        "fanout",
                        version(options),
                        options.qos,
                        options.size,
                        1,
                        subscribers,
                        subscribers,
                        false,
                        topic,
                        topic,
                        window,
                        options.rate,
                        1));
    }

    @Command(
            name = "conn",
            description = "Opens connections and keeps them; tells connects a second and bytes of each.")
    void conn(
            @Mixin Help asked,
            @Mixin LoadOptions options,
            @Option(names = "--clients", defaultValue = "10000", description = "connections") int clients,
            @Option(names = "--concurrency", defaultValue = "200", description = "connects under way") int concurrency,
            @Option(
                            names = "--hold",
                            converter = Seconds.class,
                            defaultValue = "3s",
                            description = "how long they stay open")
                    Duration hold) {
        checked(options);
        CommonOptions.require(clients >= 1 && concurrency >= 1, "--clients and --concurrency are at least 1");
        long warm = System.nanoTime() + options.warmup.toNanos();
        while (System.nanoTime() < warm) {
            new ConnectStorm(
                            options,
                            clients,
                            concurrency,
                            Duration.ZERO,
                            spec.commandLine().getErr())
                    .run();
        }
        var values = new ConnectStorm(
                        options, clients, concurrency, hold, spec.commandLine().getErr())
                .run();
        Report.print(spec.commandLine().getOut(), options.json, values);
    }

    @Command(
            name = "retained",
            description = "Sets retained messages, then subscribes to all of them again and again; QoS 0 or 1.")
    void retained(
            @Mixin Help asked,
            @Mixin LoadOptions options,
            @Option(names = "--messages", defaultValue = "10000", description = "each with a topic of its own")
                    int messages) {
        backlog(options, true, messages, messages);
    }

    @Command(
            name = "drain",
            description = "Publishes while a durable session sleeps, then lets it come back, again and again; QoS 1.")
    void drain(
            @Mixin Help asked,
            @Mixin LoadOptions options,
            @Option(names = "--messages", defaultValue = "50000", description = "while the session sleeps")
                    int messages,
            @Option(names = "--topics", defaultValue = "10", description = "that they go to") int topics) {
        CommonOptions.require(options.qos == 1, "--qos is 1: a session that sleeps is owed nothing else");
        backlog(options, false, messages, topics);
    }

    private void backlog(LoadOptions options, boolean retained, int messages, int topics) {
        checked(options);
        CommonOptions.require(messages >= 1 && topics >= 1, "--messages and --topics are at least 1");
        CommonOptions.require(options.qos <= 1, "--qos is 0 or 1");
        var values = new BacklogRun(
                        options, retained, messages, topics, spec.commandLine().getErr())
                .run();
        Report.print(spec.commandLine().getOut(), options.json, values);
    }

    private void load(LoadOptions options, Plan plan) {
        checked(options);
        CommonOptions.require(
                plan.publishers() >= 0 && plan.subscribers() >= 0 && plan.publishers() + plan.subscribers() > 0,
                "at least one client is needed");
        new LoadRun(plan, options, spec.commandLine().getErr())
                .run()
                .print(spec.commandLine().getOut(), options.json);
    }

    private static void checked(LoadOptions options) {
        options.check();
        // Else Netty finds the log of the node in the jar and prints every debug line of its own.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    }

    private static MqttVersion version(LoadOptions options) {
        return options.version();
    }

    private static int window(LoadOptions options, int qos0, int others) {
        return options.window != null ? options.window : options.qos == 0 ? qos0 : others;
    }

    private static String topic(LoadOptions options, String usual) {
        @Nullable String given = options.topic;
        return given == null ? usual : given;
    }

    /** Keeps runs that overlap apart. */
    private static String runTag() {
        return Long.toString(ProcessHandle.current().pid(), 36);
    }

    private static int lanes(LoadOptions options, int clients) {
        return Math.max(1, Math.min(options.threads, clients));
    }
}
