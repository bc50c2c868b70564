/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.mqtt.storm.Ledger.Flow;
import io.robustmq.protocol.TopicPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One random history of durable sessions: they subscribe, publish, sleep, break, are taken over, and their node dies and comes
 * back; all of it decided by the seed. Confined to the thread of the simulation.
 */
final class SessionRun {
    private static final String[] FILTERS = {"t/#", "t/+/q2", "t/0/#", "t/+/q1", "#", "t/1/q2"};
    private static final int WINDOW = 6;
    private static final long CALM_MILLIS_MAX = 300_000;

    private final long seed;
    private final boolean kills;
    private final SimScheduler scheduler;
    private final SimRandom random;
    private final SimDisk device;
    private final InMemoryMeta meta = new InMemoryMeta();
    private final Loop here;
    private final Ledger ledger = new Ledger();
    private final List<DurableClient> clients = new ArrayList<>();
    private final List<Flow[]> flows = new ArrayList<>();
    private final int loopCount;
    private final int delayMillisMax;
    private final MqttLimits limits;
    private SimNode node;
    private int life = 1;
    private long connections;

    SessionRun(long seed, boolean kills) {
        this.seed = seed;
        this.kills = kills;
        scheduler = new SimScheduler(seed);
        random = scheduler.random("run");
        device = new SimDisk(scheduler, "d");
        here = scheduler.loops("clients", 1).get(0);
        loopCount = 1 + random.nextInt(3);
        delayMillisMax = random.nextInt(20);
        limits = random.percent(30) ? withWindow(2 + random.nextInt(4)) : MqttLimits.DEFAULTS;
        if (random.percent(50)) {
            device.slowForce(10_000, 1 + random.nextInt(5_000_000));
        }
        node = new SimNode(scheduler, device, meta, life, loopCount, limits);
        node.await(node.broker
                .ports()
                .topics()
                .create(new TopicPort.TopicRequest(
                        Tenants.DEFAULT, "t", 1 + random.nextInt(3), List.of("t/#"), "file", Map.of())));
        int count = 2 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            MqttVersion version = random.percent(25) ? MqttVersion.V3_1_1 : MqttVersion.V5;
            clients.add(new DurableClient(ledger, "c" + i, version, WINDOW, random.percent(50)));
            flows.add(new Flow[] {ledger.flow("t/" + i + "/q1", 1), ledger.flow("t/" + i + "/q2", 2)});
        }
    }

    private static MqttLimits withWindow(int inflightMax) {
        MqttLimits all = MqttLimits.DEFAULTS;
        return new MqttLimits(
                all.packetBytesMax(),
                all.receiveMaximum(),
                all.topicAliasMaximum(),
                inflightMax,
                all.queuedMessagesMax(),
                all.queuedBytesMax(),
                all.outboundBytesMax(),
                all.sessionExpirySecondsMax(),
                all.keepAliveSecondsMax(),
                all.connectTimeoutMillis());
    }

    long events() {
        return scheduler.events();
    }

    long received() {
        return ledger.received();
    }

    @Override
    public String toString() {
        return ledger.published() + " published, " + ledger.received() + " received, " + life + " lives, " + connections
                + " connections";
    }

    void play() {
        int steps = 40 + random.nextInt(120);
        for (int step = 0; step < steps; step++) {
            int what = random.nextInt(100);
            if (what < 3 && kills) {
                die();
            } else {
                here.execute(() -> act(what));
            }
            scheduler.runForMillis(random.percent(5) ? random.nextInt(2_000) : random.nextInt(15));
            check();
        }
        calm();
        node.stop();
    }

    private void act(int what) {
        int which = random.nextInt(clients.size());
        DurableClient client = clients.get(which);
        if (!client.isOnline() && !client.isConnecting()) {
            if (what < 50) {
                connect(client, what < 1);
            }
        } else if (what < 70) {
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                client.publish(flows.get(which)[random.nextInt(2)]);
            }
        } else if (what < 82) {
            wish(client);
        } else if (what < 88) {
            client.breakOff();
        } else if (what < 90) {
            client.disconnect();
        } else if (client.isOnline()) {
            connect(client, false);
        }
    }

    private void wish(DurableClient client) {
        if (client.hasWish()) {
            return;
        }
        String filter = FILTERS[random.nextInt(FILTERS.length)];
        if (client.filters().contains(filter) && random.percent(70)) {
            client.unsubscribe(filter);
        } else {
            client.subscribe(filter);
        }
    }

    private void connect(DurableClient client, boolean cleanStart) {
        SimLink.open(node, random.nextInt(3), here, client, random, delayMillisMax, cleanStart, ++connections);
    }

    /** The process dies, now or in the middle of one of its next writes. */
    private void die() {
        if (random.percent(70)) {
            node.disk.dieAfter(random.nextInt(12));
            scheduler.runUntil(node.disk::isDead, 50);
        }
        node.kill();
        if (random.percent(50)) {
            device.crash();
        } else {
            device.kill();
        }
        life++;
        node = new SimNode(scheduler, device, meta, life, loopCount, limits);
    }

    private void calm() {
        here.execute(() -> clients.forEach(each -> {
            if (!each.isOnline() && !each.isConnecting()) {
                connect(each, false);
            }
        }));
        scheduler.runUntil(() -> !ledger.violations().isEmpty() || isCalm(), CALM_MILLIS_MAX);
        check();
        if (!isCalm()) {
            throw new AssertionError("it does not come to rest: " + describe());
        }
        scheduler.runForMillis(5_000);
        check();
    }

    private boolean isCalm() {
        return clients.stream().allMatch(each -> each.isQuiet() && each.hasEverything());
    }

    private String describe() {
        List<String> all = new ArrayList<>();
        clients.forEach(each -> {
            all.add(each.toString());
            all.addAll(each.missing());
        });
        return String.join("\n", all);
    }

    private void check() {
        if (!ledger.violations().isEmpty()) {
            throw new AssertionError(String.join("\n", ledger.violations()));
        }
    }

    /** After a failure: what still runs is ended, so that nothing is reported as leaked. */
    void giveUp() {
        try {
            node.kill();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + " cannot even be ended", e);
        }
    }
}
