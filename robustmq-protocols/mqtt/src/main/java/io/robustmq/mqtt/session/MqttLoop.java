/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.mqtt.codec.OutboundPublish;
import io.robustmq.mqtt.codec.RecordProperties;
import io.robustmq.mqtt.sys.Traffic;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the MQTT connections of one loop share: the list of them, those whose reads are paused, and where the last fan-out
 * was encoded. Confined to its loop.
 */
public final class MqttLoop {
    private final Loop loop;
    private final Turn turn;
    private final Set<Wire> wires = new HashSet<>();
    private final OutboundPublish packet = new OutboundPublish();
    private final RecordProperties recordProperties = new RecordProperties();
    private final Traffic traffic = new Traffic();
    private List<Runnable> paused = new ArrayList<>();

    private @Nullable PublishRun encodedRun;
    private int encodedGeneration;
    private int encodedFrom;
    private int encodedTo;
    private int encodedKind;
    private @Nullable ByteBuf encodedIn;
    private int encodedIndex;
    private int encodedLength;
    private long encodedPayloadBytes;

    public MqttLoop(Loop loop, Turn turn) {
        this.loop = loop;
        this.turn = turn;
    }

    public Loop loop() {
        return loop;
    }

    public Turn turn() {
        return turn;
    }

    /** What is being counted. */
    public Traffic traffic() {
        return traffic;
    }

    /** A copy of what was counted until now. */
    public Traffic trafficNow() {
        assert loop.inLoop();
        traffic.connected = wires.size();
        return Traffic.sum(List.of(traffic));
    }

    /** The packet that is being written; used and left again within one call. */
    public OutboundPublish packet() {
        return packet;
    }

    /** Properties of a record that is no MQTT message; used like {@link #packet}. */
    public RecordProperties recordProperties() {
        return recordProperties;
    }

    public void opened(Wire wire) {
        assert loop.inLoop();
        wires.add(wire);
    }

    public void closed(Wire wire) {
        wires.remove(wire);
    }

    /** Visits all connections of the loop; they may close meanwhile. */
    public void forEach(Consumer<Wire> visitor) {
        List.copyOf(wires).forEach(visitor);
    }

    /** Runs the task when the node has memory again. */
    public void pause(Runnable resume) {
        paused.add(resume);
    }

    /** Lets everybody read again who was paused. */
    public void resumeAll() {
        List<Runnable> resuming = paused;
        paused = new ArrayList<>();
        resuming.forEach(Runnable::run);
    }

    /**
     * Remembers that the messages were just encoded for one subscriber, so that the next one with the same wishes copies the
     * bytes. They are found again as long as the first subscriber's buffer was not handed to its socket.
     */
    public void encoded(
            PublishRun run, int from, int to, int kind, ByteBuf in, int index, int length, long payloadBytes) {
        encodedRun = run;
        encodedGeneration = run.generation();
        encodedFrom = from;
        encodedTo = to;
        encodedKind = kind;
        encodedIn = in;
        encodedIndex = index;
        encodedLength = length;
        encodedPayloadBytes = payloadBytes;
    }

    /** Copies what was encoded for these messages to the buffer; false when they have to be encoded. */
    public boolean copyEncoded(PublishRun run, int from, int to, int kind, ByteBuf out) {
        ByteBuf in = encodedIn;
        if (in == null
                || encodedRun != run
                || encodedGeneration != run.generation()
                || encodedFrom != from
                || encodedTo != to
                || encodedKind != kind) {
            return false;
        }
        out.writeBytes(in, encodedIndex, encodedLength);
        traffic.publishBytesSent += encodedPayloadBytes;
        return true;
    }

    /** A buffer goes to its socket: what was encoded in it must not be read any more. */
    public void leaving(ByteBuf buffer) {
        if (buffer == encodedIn) {
            encodedIn = null;
            encodedRun = null;
        }
    }
}
