/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.DurableSession;
import io.robustmq.protocol.ExchangeMark;
import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.ReceivedExchanges.ExchangeId;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionLogPort;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session's {@link ExchangeJournal} with its coordinator, one write at a time for all that wait for it, and looks into the
 * log for what it does not know. Confined to the session's loop.
 */
final class DurableQos2 {
    /** As many as there are packet ids: no client that keeps to the protocol needs more. */
    private static final int WAITING_MAX = 65_536;

    private final MqttSession session;
    private final DurableSession kept;
    private final SessionLogPort log;
    private final ExchangeJournal journal;
    private List<Consumer<@Nullable RmqException>> waiting = new ArrayList<>();
    private boolean saving;

    DurableQos2(MqttSession session, DurableSession kept, boolean present) {
        this.session = session;
        this.kept = kept;
        this.log = session.services().ports().sessions().log();
        SessionImage image = kept.image();
        ReceivedExchanges restored = present ? image.received() : null;
        this.journal = new ExchangeJournal(
                session.loop().clock(),
                ExchangeMark.session(image.tenant(), image.clientId(), image.createdMillis()),
                image.epoch(),
                restored);
    }

    ExchangeJournal journal() {
        return journal;
    }

    /** Told once, on this loop. */
    @FunctionalInterface
    public interface Found {
        /** @param id of the exchange whose message is kept; null when none is */
        void found(@Nullable ExchangeId id, @Nullable RmqException failure);
    }

    /** Looks for a message to the topic that an exchange of an earlier life has left. */
    void find(int packetId, String topic, Found done) {
        log.find(
                session.tenant(),
                topic,
                journal.session(),
                packetId,
                journal.sinceMillis(),
                session.loop(),
                (ids, failure) -> done.found(failure == null ? journal.unfinished(packetId, ids) : null, failure));
    }

    /** Tells when everything that has happened until now is written. */
    void written(Consumer<@Nullable RmqException> then) {
        if (waiting.size() == WAITING_MAX) {
            then.accept(RmqError.OVERLOADED.exception("too many releases wait to be kept"));
            return;
        }
        waiting.add(then);
        if (!saving) {
            save();
        }
    }

    private void save() {
        List<Consumer<@Nullable RmqException>> told = waiting;
        waiting = new ArrayList<>();
        saving = true;
        kept.received(journal.image())
                .whenComplete((v, failure) -> session.loop().execute(() -> {
                    saving = false;
                    RmqException why = failure == null ? null : causeOf(failure);
                    told.forEach(each -> each.accept(why));
                    if (!waiting.isEmpty() && !saving) {
                        save();
                    }
                }));
    }

    /** The connection is gone: what the next one must know is on its way, before whatever is asked of the coordinator next. */
    void leave() {
        if (journal.isChanged()) {
            kept.received(journal.image());
        }
    }

    private static RmqException causeOf(Throwable failure) {
        return RmqException.causeOf(failure) instanceof RmqException known
                ? known
                : RmqError.INTERNAL.exception(String.valueOf(failure));
    }
}
