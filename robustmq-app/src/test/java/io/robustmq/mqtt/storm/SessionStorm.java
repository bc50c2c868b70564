/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.storm.Ledger.Flow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Durable sessions that publish to each other over connections that break, end and are taken over at random, while somebody
 * kills their broker. One thread carries all clients; what may be called from outside goes through it.
 */
public final class SessionStorm implements AutoCloseable {
    private static final int TICK_MILLIS = 20;
    private static final int WINDOW = 8;
    private static final long PATIENCE_MILLIS = 20_000;

    /**
     * @param clients sessions, each a publisher and a subscriber
     * @param groupSize each message goes to so many of them
     * @param publishMillis each client publishes about that often
     * @param breakMillis each connection lives about that long
     * @param shared whether each message goes to one of them instead
     */
    public record Options(int clients, int groupSize, int publishMillis, int breakMillis, long seed, boolean shared) {

        public Options(int clients, int groupSize, int publishMillis, int breakMillis, long seed) {
            this(clients, groupSize, publishMillis, breakMillis, seed, false);
        }

        public static Options of(long seed) {
            return new Options(200, 5, 250, 2_000, seed);
        }
    }

    private final int port;
    private final Options options;
    private final Random random;
    private final Ledger ledger = new Ledger();
    private final List<Member> members = new ArrayList<>();
    private final ArrayDeque<Abandoned> abandoned = new ArrayDeque<>();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Bootstrap bootstrap =
            new Bootstrap().group(loops).channel(NioSocketChannel.class).option(ChannelOption.TCP_NODELAY, true);
    private boolean raging;
    private boolean publishing;
    private long takeovers;
    private long breaks;

    /** A connection that another one of the same client replaced: the broker has to close it. */
    private record Abandoned(Channel channel, String client, long untilMillis) {}

    /** A client with its two flows. */
    private final class Member {
        final DurableClient client;
        final Flow[] flows;
        final String filter;

        @Nullable
        Channel current;

        boolean opening;
        long connectAtMillis;
        long connectedMillis;

        Member(int index) {
            MqttVersion version = index % 4 == 3 ? MqttVersion.V3_1_1 : MqttVersion.V5;
            client = new DurableClient(ledger, "storm-" + index, version, WINDOW, index % 2 == 0);
            int group = index / options.groupSize;
            filter = (options.shared ? "$share/storm/" : "") + "storm/" + group + "/#";
            flows = new Flow[] {
                ledger.flow("storm/" + group + "/" + index + "/q1", 1),
                ledger.flow("storm/" + group + "/" + index + "/q2", 2)
            };
            for (Flow each : flows) {
                each.shared = options.shared;
            }
        }

        void tick(long now) {
            if (!client.isOnline() && !client.isConnecting()) {
                if (!opening && now >= connectAtMillis) {
                    open();
                }
                return;
            }
            if (client.isConnecting()) {
                if (now - connectedMillis > PATIENCE_MILLIS) {
                    ledger.violation(client.clientId() + " waits for its CONNACK for " + PATIENCE_MILLIS + " ms");
                    client.breakOff();
                }
                return;
            }
            if (publishing && happens(options.publishMillis)) {
                client.publish(flows[random.nextInt(2)]);
            }
            if (raging && !opening && happens(options.breakMillis)) {
                upset(now);
            }
        }

        private boolean happens(int everyMillis) {
            return random.nextInt(Math.max(1, everyMillis / TICK_MILLIS)) == 0;
        }

        private void upset(long now) {
            connectAtMillis = now + random.nextInt(random.nextInt(20) == 0 ? 5_000 : 300);
            switch (random.nextInt(5)) {
                case 0 -> client.disconnect();
                case 1, 2 -> client.breakOff();
                default -> {
                    takeovers++;
                    open();
                }
            }
            breaks++;
        }

        private void open() {
            opening = true;
            bootstrap.clone().handler(new Wire(this)).connect("127.0.0.1", port).addListener((ChannelFuture opened) -> {
                opening = false;
                connectAtMillis = millis() + 50 + random.nextInt(100);
            });
        }
    }

    /** One TCP connection. */
    private final class Wire extends ChannelInboundHandlerAdapter implements DurableClient.Link {
        private final Member member;
        private @Nullable Channel channel;

        Wire(Member member) {
            this.member = member;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channel = context.channel();
            member.connectedMillis = millis();
            if (member.current != null && member.client.isOnline()) {
                abandoned.add(new Abandoned(member.current, member.client.clientId(), millis() + PATIENCE_MILLIS));
            }
            member.current = channel;
            member.client.connect(this, false);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                member.client.bytes(this, in);
            } finally {
                in.release();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            member.client.lost(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof java.io.IOException)) {
                ledger.violation(member.client.clientId() + " failed: " + cause);
            }
            context.close();
        }

        @Override
        public void send(ByteBuf owned) {
            Channel open = channel;
            if (open == null) {
                owned.release();
            } else {
                open.writeAndFlush(owned, open.voidPromise());
            }
        }

        @Override
        public void close() {
            Channel open = channel;
            if (open != null) {
                open.close();
            }
        }
    }

    public SessionStorm(int port, Options options) {
        this.port = port;
        this.options = options;
        this.random = new Random(options.seed);
        for (int i = 0; i < options.clients; i++) {
            members.add(new Member(i));
        }
        loops.next().scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static long millis() {
        return System.nanoTime() / 1_000_000;
    }

    private void tick() {
        long now = millis();
        members.forEach(member -> member.tick(now));
        abandoned.removeIf(each -> !each.channel.isActive());
        Abandoned oldest = abandoned.peek();
        if (oldest != null && now > oldest.untilMillis) {
            abandoned.remove();
            ledger.violation("the connection of " + oldest.client + " that was taken over is still open");
        }
    }

    // --- from outside

    /** Connects everybody and subscribes. */
    public void begin(Duration patience) throws Exception {
        call(() -> {
            members.forEach(member -> member.client.subscribe(member.filter));
            return null;
        });
        await(patience, "subscribed", () -> members.stream().noneMatch(member -> member.client.hasWish()));
    }

    /** Messages and trouble. */
    public void rage() throws Exception {
        call(() -> {
            publishing = true;
            raging = true;
            return null;
        });
    }

    /** No more of both; waits until everybody is connected and has everything. */
    public void calm(Duration patience) throws Exception {
        call(() -> {
            publishing = false;
            raging = false;
            return null;
        });
        await(
                patience,
                "done",
                () -> members.stream().allMatch(each -> each.client.isQuiet() && each.client.hasEverything())
                        && ledger.missingInGroups().isEmpty());
    }

    private void await(Duration patience, String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!call(condition)) {
            if (System.nanoTime() > deadline || !violations().isEmpty()) {
                throw new AssertionError("not everybody is " + what + ": " + call(this::describe));
            }
            loops.awaitTermination(20, TimeUnit.MILLISECONDS);
        }
    }

    /** What was broken so far. */
    public List<String> violations() throws Exception {
        return call(() -> List.copyOf(ledger.violations()));
    }

    /** Numbers of what has happened. */
    public String summary() throws Exception {
        return call(() -> ledger.published() + " published, " + ledger.acknowledged() + " acknowledged, "
                + ledger.received() + " received, " + ledger.repeated() + " of them again at QoS 1, " + breaks
                + " breaks, " + takeovers + " takeovers");
    }

    /** Waits for so many messages that their publishers know to be kept. */
    public void awaitAcknowledged(long count, Duration patience) throws Exception {
        await(patience, count + " times acknowledged", () -> ledger.acknowledged() >= count);
    }

    public long acknowledged() throws Exception {
        return call(ledger::acknowledged);
    }

    private String describe() {
        List<String> said = new ArrayList<>(ledger.violations());
        members.stream()
                .filter(member -> !member.client.isQuiet())
                .limit(5)
                .forEach(member -> said.add(member.client.toString()));
        members.stream()
                .flatMap(member -> member.client.missing().stream())
                .limit(10)
                .forEach(said::add);
        ledger.missingInGroups().stream().limit(10).forEach(said::add);
        return String.join("\n", said);
    }

    private <T> T call(Callable<T> task) throws Exception {
        return loops.next().submit(task).get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
    }
}
