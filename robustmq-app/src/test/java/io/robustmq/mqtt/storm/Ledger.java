/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was published and who has received it: the model that the broker is judged by. A flow is one publisher's messages to one
 * topic, numbered from 1. Confined to the thread of the clients.
 */
public final class Ledger {
    private static final int VIOLATIONS_MAX = 20;

    /** One publisher's numbered messages to one topic. */
    static final class Flow {
        final String topic;
        final int qos;
        final BitSet acknowledged = new BitSet();
        /** Numbers that their publisher has sent more than once. */
        final BitSet sentAgain = new BitSet();
        /** Goes to a group, each number to one of its members. */
        boolean shared;
        /** What some member of the group has got. */
        final BitSet somebodys = new BitSet();
        /** The last number that was ever sent. */
        int sent;

        Flow(String topic, int qos) {
            this.topic = topic;
            this.qos = qos;
        }
    }

    /** What a session has got of a flow, and from which number on it must get it. */
    static final class Receipts {
        static final int NOT_DUE = Integer.MAX_VALUE;

        final BitSet numbers = new BitSet();
        int highest;
        int dueFrom = NOT_DUE;
        /** The client has no subscription since this number; what was sent later must not come. */
        int closedAfter = -1;
    }

    private final Map<String, Flow> flows = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long received;
    private long repeated;

    Flow flow(String topic, int qos) {
        return flows.computeIfAbsent(topic, name -> new Flow(name, qos));
    }

    Iterable<Flow> flows() {
        return flows.values();
    }

    void violation(String what) {
        if (violations.size() < VIOLATIONS_MAX) {
            violations.add(what);
        }
    }

    /** What went wrong so far. */
    public List<String> violations() {
        return violations;
    }

    /** A message arrived that the client has not seen in this exchange. */
    void received(String client, String topic, int number, int qos, Receipts of) {
        Flow flow = flows.get(topic);
        if (flow == null || number < 1 || number > flow.sent) {
            violation(client + " got " + topic + "=" + number + ", which nobody sent");
            return;
        }
        received++;
        if (qos != flow.qos) {
            violation(client + " got " + topic + "=" + number + " at QoS " + qos);
        }
        if (of.closedAfter >= 0 && number > of.closedAfter) {
            violation(client + " got " + topic + "=" + number + " after it had unsubscribed");
        }
        if (of.numbers.get(number)) {
            repeated++;
            if (qos == 2) {
                violation(client + " got " + topic + "=" + number + " twice at QoS 2");
            }
            return;
        }
        of.numbers.set(number);
        if (flow.shared) {
            ofGroup(client, flow, number);
            return;
        }
        if (number < of.highest && !mayComeLate(flow, number, of)) {
            violation(client + " got " + topic + "=" + number + " after " + of.highest);
        }
        of.highest = Math.max(of.highest, number);
    }

    /** There is no order over what one member has had before another. */
    private void ofGroup(String client, Flow flow, int number) {
        if (flow.somebodys.get(number)) {
            repeated++;
            if (flow.qos == 2) {
                violation(client + " got " + flow.topic + "=" + number + " at QoS 2, as another one of its group had");
            }
        }
        flow.somebodys.set(number);
    }

    /** Acknowledged numbers that no member of their group has got, as text. */
    List<String> missingInGroups() {
        List<String> missing = new ArrayList<>();
        for (Flow each : flows.values()) {
            BitSet due = new BitSet();
            if (each.shared) {
                due.or(each.acknowledged);
                due.andNot(each.somebodys);
            }
            if (!due.isEmpty()) {
                missing.add("nobody has got " + each.topic + "=" + due);
            }
        }
        return missing;
    }

    /**
     * Who subscribed between a publisher's first and second message need not get the first. When the publisher loses its
     * connection before either is acknowledged it sends both again, at QoS 1 as messages of their own: then the first one arrives
     * behind the second, in the order of the log. What was first sent to somebody subscribed has no such excuse.
     */
    private static boolean mayComeLate(Flow flow, int number, Receipts of) {
        return flow.qos == 1 && number < of.dueFrom && flow.sentAgain.get(number);
    }

    /** Acknowledged numbers that the session ought to have and has not. */
    static BitSet missing(Flow flow, Receipts of) {
        BitSet due = new BitSet();
        if (of.dueFrom <= flow.sent) {
            due.or(flow.acknowledged);
            due.clear(0, of.dueFrom);
            due.andNot(of.numbers);
        }
        return due;
    }

    /** Numbers that were published, over all flows. */
    public long published() {
        return flows.values().stream().mapToLong(flow -> flow.sent).sum();
    }

    /** Numbers whose publisher was told that they are kept. */
    public long acknowledged() {
        return flows.values().stream()
                .mapToLong(flow -> flow.acknowledged.cardinality())
                .sum();
    }

    /** Messages that arrived, repeated ones at QoS 1 included. */
    public long received() {
        return received;
    }

    /** Messages at QoS 1 that arrived again. */
    public long repeated() {
        return repeated;
    }
}
