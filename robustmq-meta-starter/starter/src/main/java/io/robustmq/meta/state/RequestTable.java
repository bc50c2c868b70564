/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.robustmq.rpc.meta.Answer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers to the last requests by request id, so that a repeated one has no second effect. It is part of the replicated
 * state: after a change of leader or a restart it answers the same. Confined to the apply thread.
 */
final class RequestTable {
    /** More than a client may have outstanding within its deadline; a part of the format, changing it needs a new one. */
    static final int REQUESTS_MAX = 4096;

    static final int ID_BYTES = 16;
    private static final String FAMILY = "~requests";

    private final Map<ByteString, Answer> answers = new HashMap<>();
    private final ByteString[] ids = new ByteString[REQUESTS_MAX];
    private long next;

    void load(StateStore store) {
        answers.clear();
        next = 0;
        try (StateStore.View view = store.view()) {
            view.scanRaw(FAMILY, new byte[0], (key, value) -> {
                long sequence = ByteBuffer.wrap(key).getLong();
                ByteString id = ByteString.copyFrom(value, 0, ID_BYTES);
                try {
                    answers.put(id, Answer.parseFrom(ByteBuffer.wrap(value, ID_BYTES, value.length - ID_BYTES)));
                } catch (InvalidProtocolBufferException e) {
                    throw new StateFailure("the table of requests is damaged", e);
                }
                ids[slot(sequence)] = id;
                next = sequence + 1;
                return true;
            });
        }
    }

    @Nullable
    Answer answerOf(ByteString id) {
        return answers.get(id);
    }

    void remember(ByteString id, Answer answer, StateStore.Batch batch) {
        long sequence = next++;
        if (sequence >= REQUESTS_MAX) {
            batch.delete(FAMILY, Transactional.longBytes(sequence - REQUESTS_MAX));
            answers.remove(ids[slot(sequence)]);
        }
        ids[slot(sequence)] = id;
        answers.put(id, answer);
        byte[] bytes = answer.toByteArray();
        batch.put(
                FAMILY,
                Transactional.longBytes(sequence),
                ByteBuffer.allocate(ID_BYTES + bytes.length)
                        .put(id.toByteArray())
                        .put(bytes)
                        .array());
    }

    private static int slot(long sequence) {
        return (int) (sequence % REQUESTS_MAX);
    }

    int size() {
        return answers.size();
    }
}
