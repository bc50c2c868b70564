/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.LiveSubscription;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.Sink;
import io.robustmq.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Notes what it is offered as {@code topic=payload}. Confined to its loop. */
final class RecordingSink implements Sink {
    final List<String> received = new ArrayList<>();
    private final Loop loop;

    RecordingSink(Loop loop) {
        this.loop = loop;
    }

    LiveSubscription to(String filter) {
        return to(filter, false);
    }

    LiveSubscription to(String filter, boolean noLocal) {
        return new LiveSubscription(this, Spelling.SLASH, filter, 2, noLocal, false, 0);
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public String protocol() {
        return "mqtt";
    }

    @Override
    public Object origin() {
        return this;
    }

    @Override
    public void deliver(PublishRun run, int from, int to, Target target) {
        if (!loop.inLoop()) {
            throw new AssertionError("delivered on a foreign loop");
        }
        for (int i = from; i < to; i++) {
            String payload = run.payload().toString(run.payloadOffset(i), run.payloadLength(i), StandardCharsets.UTF_8);
            received.add(run.subject(i).text() + "=" + payload);
        }
    }
}
