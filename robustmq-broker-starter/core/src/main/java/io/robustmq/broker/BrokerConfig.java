/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.delay.DelayConfig;
import io.robustmq.broker.producer.ProducerConfig;
import io.robustmq.broker.window.WindowLimits;
import io.robustmq.kernel.NodeId;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.CatchAll;
import java.util.List;
import java.util.Map;

/**
 * Settings of the broker core. Immutable.
 *
 * @param defaultEngine engine of every new topic, empty for the rule of the roles: memory for catch-alls
 * @param captures rule by protocol; absent is {@link Capture#ALL}
 * @param batchBytesMax a run's batch is closed at this size
 * @param routesPerLoopMax subjects whose route a loop remembers
 * @param retainedCountMax beyond so many a retained message of a new subject is refused
 * @param retainedBytesMax beyond so many bytes in memory a retained message is refused
 * @param delayed how many messages may wait for their time
 * @param producers what is remembered of idempotent producers
 * @param wildcardsCross whether filters that begin with a wildcard see subjects of the other spelling, too
 * @param windows limits of groups that share messages
 */
public record BrokerConfig(
        NodeId node,
        long incarnation,
        String defaultEngine,
        List<CatchAll> catchAlls,
        Map<String, Capture> captures,
        int batchBytesMax,
        int payloadBytesMax,
        int routesPerLoopMax,
        long retainedCountMax,
        long retainedBytesMax,
        DelayConfig delayed,
        ProducerConfig producers,
        boolean wildcardsCross,
        WindowLimits windows) {

    public BrokerConfig {
        catchAlls = List.copyOf(catchAlls);
        captures = Map.copyOf(captures);
    }

    /** Defaults for everything that is not the node's identity. */
    public static BrokerConfig of(
            NodeId node,
            long incarnation,
            List<CatchAll> catchAlls,
            Map<String, Capture> captures,
            String defaultEngine) {
        return new BrokerConfig(
                node,
                incarnation,
                defaultEngine,
                catchAlls,
                captures,
                64 * 1024,
                16 * 1024 * 1024,
                16 * 1024,
                1_000_000,
                256L * 1024 * 1024,
                DelayConfig.DEFAULTS,
                ProducerConfig.DEFAULTS,
                false,
                WindowLimits.DEFAULTS);
    }

    /** The same with other limits of retained messages. */
    public BrokerConfig withRetainedMax(long count, long bytes) {
        return new BrokerConfig(
                node,
                incarnation,
                defaultEngine,
                catchAlls,
                captures,
                batchBytesMax,
                payloadBytesMax,
                routesPerLoopMax,
                count,
                bytes,
                delayed,
                producers,
                wildcardsCross,
                windows);
    }

    /** The same with other limits of idempotent producers. */
    public BrokerConfig withProducers(ProducerConfig changed) {
        return new BrokerConfig(
                node,
                incarnation,
                defaultEngine,
                catchAlls,
                captures,
                batchBytesMax,
                payloadBytesMax,
                routesPerLoopMax,
                retainedCountMax,
                retainedBytesMax,
                delayed,
                changed,
                wildcardsCross,
                windows);
    }

    /** The same with another rule for filters that begin with a wildcard. */
    public BrokerConfig withWildcardsCross(boolean cross) {
        return new BrokerConfig(
                node,
                incarnation,
                defaultEngine,
                catchAlls,
                captures,
                batchBytesMax,
                payloadBytesMax,
                routesPerLoopMax,
                retainedCountMax,
                retainedBytesMax,
                delayed,
                producers,
                cross,
                windows);
    }

    /** The same with other limits of groups that share messages. */
    public BrokerConfig withWindows(WindowLimits changed) {
        return new BrokerConfig(
                node,
                incarnation,
                defaultEngine,
                catchAlls,
                captures,
                batchBytesMax,
                payloadBytesMax,
                routesPerLoopMax,
                retainedCountMax,
                retainedBytesMax,
                delayed,
                producers,
                wildcardsCross,
                changed);
    }

    /** The same with other limits of delayed messages. */
    public BrokerConfig withDelayed(DelayConfig changed) {
        return new BrokerConfig(
                node,
                incarnation,
                defaultEngine,
                catchAlls,
                captures,
                batchBytesMax,
                payloadBytesMax,
                routesPerLoopMax,
                retainedCountMax,
                retainedBytesMax,
                changed,
                producers,
                wildcardsCross,
                windows);
    }

    public Capture capture(String protocol) {
        return captures.getOrDefault(protocol, Capture.ALL);
    }
}
