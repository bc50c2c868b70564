/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.broker.AllowAll;
import io.robustmq.broker.Broker;
import io.robustmq.broker.BrokerConfig;
import io.robustmq.broker.delay.DelayConfig;
import io.robustmq.broker.window.WindowLimits;
import io.robustmq.kafka.KafkaPlugin;
import io.robustmq.kafka.connection.Advertised;
import io.robustmq.kafka.connection.KafkaCounters;
import io.robustmq.kafka.connection.KafkaLimits;
import io.robustmq.kafka.connection.KafkaOptions;
import io.robustmq.kafka.group.GroupOptions;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.connection.MqttListener;
import io.robustmq.mqtt.rules.MqttRules;
import io.robustmq.mqtt.session.MqttCounters;
import io.robustmq.mqtt.session.MqttFeatures;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.mqtt.session.QueuedBytes;
import io.robustmq.mqtt.session.SharedOptions;
import io.robustmq.mqtt.sys.SysOptions;
import io.robustmq.mqtt.sys.SysTopics;
import io.robustmq.net.NetLoops;
import io.robustmq.net.NetOptions;
import io.robustmq.net.NetServer;
import io.robustmq.net.TlsContexts;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.CatchAll;
import io.robustmq.protocol.ClientAuth;
import io.robustmq.protocol.ConnectionInitializer;
import io.robustmq.protocol.GroupPort;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicRulePort;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.memory.MemoryEngine;
import io.robustmq.storage.rocksdb.RocksDbEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Broker core, MQTT and real sockets in this process, without Spring and raft: what protocol tests need, in milliseconds.
 * Thread-safe.
 */
public final class InProcessBroker implements AutoCloseable {
    private static final CatchAll CATCH_ALL = new CatchAll("mqtt", "mqtt", 16, 64 << 20, 1 << 30, 86_400_000);

    private final NetLoops loops;
    private final List<ShardEngine> engines = new ArrayList<>();
    private final SystemMemoryBudget budget;
    private final Broker broker;
    private final NetServer server;
    private final MqttPlugin plugin;
    private final KafkaPlugin kafka;

    private InProcessBroker(Options options) {
        loops = NetLoops.create(options.loops);
        addEngines(options);
        budget = new SystemMemoryBudget(options.budgetBytes);
        broker = new Broker(
                BrokerConfig.of(new NodeId(1), 1, List.of(CATCH_ALL), Map.of("mqtt", options.capture), "")
                        .withRetainedMax(options.retainedCountMax, options.retainedBytesMax)
                        .withWildcardsCross(options.wildcardsCross)
                        .withDelayed(new DelayConfig(options.delayedCountMax, 1 << 30))
                        .withWindows(options.windows),
                options.meta,
                engines,
                loops.group(),
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                budget,
                options.access,
                PooledByteBufAllocator.DEFAULT);
        join(broker.start().toCompletableFuture());
        server = new NetServer(
                loops,
                new NetOptions("127.0.0.1", 20_000, 20_000, 20_000, 10_000),
                SystemClock.INSTANCE,
                budget,
                options.tls == null ? TlsContexts.NONE : options.tls);
        plugin = new MqttPlugin(
                broker::ports,
                options.limits,
                options.features,
                options.queuedBytes,
                options.sys,
                options.rules,
                equipment -> mqttListeners(options, equipment));
        server.open(plugin.listeners());
        kafka = new KafkaPlugin(
                broker::ports,
                new KafkaOptions(
                        "test",
                        1,
                        options.advertised,
                        null,
                        true,
                        1,
                        options.listViews,
                        options.kafkaLimits,
                        options.groups),
                initializer -> {
                    ListenerSpec plain = ListenerSpec.tcp(KafkaPlugin.NAME, options.kafkaPort, initializer);
                    return options.tls == null
                            ? List.of(plain)
                            : List.of(
                                    plain, plain.withTls(new ListenerSpec.Tls("test", List.of(), options.clientAuth)));
                });
        server.open(kafka.listeners());
    }

    private void addEngines(Options options) {
        engines.add(new MemoryEngine(PooledByteBufAllocator.DEFAULT));
        if (options.data != null) {
            engines.add(new RocksDbEngine(options.data.resolve("rocksdb"), PooledByteBufAllocator.DEFAULT));
        }
        if (options.engine != null) {
            engines.add(options.engine);
        }
    }

    private static List<ListenerSpec> mqttListeners(Options options, MqttPlugin.Equipment equipment) {
        ConnectionInitializer initializer = equipment.of(MqttListener.of(options.limits.packetBytesMax()));
        ListenerSpec tcp = ListenerSpec.tcp("mqtt", options.mqttPort, initializer);
        ListenerSpec webSocket = ListenerSpec.webSocket(
                "mqtt",
                0,
                new ListenerSpec.WebSocket("/mqtt", List.of("mqtt", "mqttv3.1"), options.limits.frameBytesMax()),
                initializer);
        List<ListenerSpec> listeners = new ArrayList<>(List.of(tcp, webSocket));
        if (options.tls != null) {
            listeners.addAll(List.of(tcp.withTls("test"), webSocket.withTls("test")));
        }
        listeners.addAll(options.listeners.apply(equipment));
        return listeners;
    }

    private static void join(java.util.concurrent.CompletableFuture<?> stage) {
        try {
            stage.get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a test may want otherwise. Confined to the test's thread. */
    public static final class Options {
        private int loops = 2;
        private long budgetBytes = 256L << 20;
        private long queuedBytes = 256L << 20;
        private MqttLimits limits = MqttLimits.DEFAULTS;
        private SysOptions sys = SysOptions.DEFAULTS;
        private MqttFeatures features = MqttFeatures.DEFAULTS;
        private @Nullable TlsContexts tls;
        private ClientAuth clientAuth = ClientAuth.NONE;
        private Function<MqttPlugin.Equipment, List<ListenerSpec>> listeners = equipment -> List.of();
        private KafkaLimits kafkaLimits = KafkaLimits.DEFAULTS;
        private Capture capture = Capture.ALL;
        private AccessPort access = new AllowAll();
        private InMemoryMeta meta = new InMemoryMeta();
        private @Nullable Path data;
        private @Nullable ShardEngine engine;
        private long retainedCountMax = 1_000_000;
        private long retainedBytesMax = 256 << 20;
        private MqttRules rules = MqttRules.none();
        private long delayedCountMax = 1_000_000;
        private GroupOptions groups = GroupOptions.DEFAULTS;
        private boolean wildcardsCross;
        private boolean listViews;
        private WindowLimits windows = WindowLimits.DEFAULTS;
        private int kafkaPort;
        private int mqttPort;
        private @Nullable Advertised advertised;

        /** What Kafka's clients are told, when something lies between them and the broker. */
        public Options advertised(int port) {
            advertised = new Advertised("127.0.0.1", port);
            return this;
        }

        /** Where clients that outlive the broker find the next one. */
        public Options kafkaPort(int port) {
            kafkaPort = port;
            return this;
        }

        /** The same for MQTT. */
        public Options mqttPort(int port) {
            mqttPort = port;
            return this;
        }

        /** How Kafka's groups behave: tests do not want to wait as long as members do. */
        public Options groups(GroupOptions value) {
            groups = value;
            return this;
        }

        /** Filters that begin with a wildcard see what other protocols publish. */
        public Options wildcardsCross() {
            wildcardsCross = true;
            return this;
        }

        /** Views are among all topics of Kafka. */
        public Options listViews() {
            listViews = true;
            return this;
        }

        /** Limits of groups that share messages. */
        public Options windows(WindowLimits value) {
            windows = value;
            return this;
        }

        /** How groups share their messages; to be said behind the features. */
        public Options shared(SharedOptions value) {
            features = features.withShared(value);
            return this;
        }

        public Options retainedBytesMax(long bytes) {
            retainedBytesMax = bytes;
            return this;
        }

        /** Rules of the node's configuration. */
        public Options rules(MqttRules value) {
            rules = value;
            return this;
        }

        public Options delayedCountMax(long count) {
            delayedCountMax = count;
            return this;
        }

        public Options retainedCountMax(long count) {
            retainedCountMax = count;
            return this;
        }

        /** Where the durable engine keeps its data; there is none without it. */
        public Options data(Path directory) {
            data = directory;
            return this;
        }

        /** What outlives a restart beside the data: the metadata. */
        public Options meta(InMemoryMeta kept) {
            meta = kept;
            return this;
        }

        public Options loops(int count) {
            loops = count;
            return this;
        }

        public Options budgetBytes(long bytes) {
            budgetBytes = bytes;
            return this;
        }

        public Options queuedBytes(long bytes) {
            queuedBytes = bytes;
            return this;
        }

        /** What the node says about itself. */
        public Options sys(SysOptions value) {
            sys = value;
            return this;
        }

        public Options limits(MqttLimits value) {
            limits = value;
            return this;
        }

        /** Keys of listeners over TLS, which are open only with them. */
        public Options tls(@Nullable TlsContexts value) {
            tls = value;
            return this;
        }

        /** Whether Kafka's clients show certificates; the keys must ask for them. */
        public Options clientAuth(ClientAuth value) {
            clientAuth = value;
            return this;
        }

        /** Further listeners of MQTT. */
        public Options listeners(Function<MqttPlugin.Equipment, List<ListenerSpec>> value) {
            listeners = value;
            return this;
        }

        public Options kafkaLimits(KafkaLimits value) {
            kafkaLimits = value;
            return this;
        }

        public Options features(MqttFeatures value) {
            features = value;
            return this;
        }

        public Options capture(Capture value) {
            capture = value;
            return this;
        }

        public Options access(AccessPort value) {
            access = value;
            return this;
        }

        /** One more engine, closed with the broker. */
        public Options engine(ShardEngine value) {
            engine = value;
            return this;
        }

        public InProcessBroker start() {
            return new InProcessBroker(this);
        }
    }

    public static Options options() {
        return new Options();
    }

    public static InProcessBroker start() {
        return new Options().start();
    }

    public int tcpPort() {
        return server.address("mqtt-tcp").getPort();
    }

    public int kafkaPort() {
        return server.address("kafka-tcp").getPort();
    }

    public GroupPort groups() {
        return kafka.groups();
    }

    public int kafkaTlsPort() {
        return server.address("kafka-tls").getPort();
    }

    public int tlsPort() {
        return server.address("mqtt-tls").getPort();
    }

    public int webSocketTlsPort() {
        return server.address("mqtt-websocket-tls").getPort();
    }

    public KafkaCounters kafkaCounters() {
        return kafka.counters();
    }

    public int webSocketPort() {
        return server.address("mqtt-websocket").getPort();
    }

    public Broker broker() {
        return broker;
    }

    public NetServer server() {
        return server;
    }

    public SystemMemoryBudget budget() {
        return budget;
    }

    public TopicRulePort rules() {
        return plugin.rules();
    }

    public MqttServices services() {
        MqttServices services = plugin.services();
        if (services == null) {
            throw new IllegalStateException("the ports are not open");
        }
        return services;
    }

    public MqttCounters counters() {
        return services().counters();
    }

    public SysTopics sys() {
        return services().sys();
    }

    public QueuedBytes queued() {
        return services().queued();
    }

    public void create(TopicPort.TopicRequest request) {
        join(broker.ports().topics().create(request).toCompletableFuture());
    }

    /** Every record of the topic, merged by time. */
    public List<TopicPort.StoredRecord> records(String topic) {
        return records(Tenants.DEFAULT, topic);
    }

    /** The same of a tenant. */
    public List<TopicPort.StoredRecord> records(String tenant, String topic) {
        return broker.ports()
                .topics()
                .read(new TopicPort.ReadRequest(tenant, topic, -1, new TopicPort.ReadFrom.Earliest(), 100_000))
                .toCompletableFuture()
                .join()
                .records();
    }

    /** Says farewell to all clients. */
    public void drain() {
        server.stopAccepting();
        join(plugin.drain(Duration.ofSeconds(2)).toCompletableFuture());
        join(kafka.drain(Duration.ofSeconds(2)).toCompletableFuture());
    }

    @Override
    public void close() {
        server.close();
        join(kafka.drain(Duration.ofSeconds(2)).toCompletableFuture());
        join(broker.stop().toCompletableFuture());
        engines.forEach(ShardEngine::close);
        loops.close();
    }
}
