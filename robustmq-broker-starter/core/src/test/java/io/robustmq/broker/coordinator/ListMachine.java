/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.netty.buffer.ByteBuf;
import io.robustmq.broker.coordinator.Command.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lists of numbers by key, each record a whole list: what was ever added can be seen in the state. Confined to its loop. */
final class ListMachine implements StateMachine {
    /** A key that cannot be replayed. */
    static final byte[] POISON = bytes("poison");

    final Map<String, String> lists = new TreeMap<>();
    long committed;
    int resets;
    int restores;
    int dumps;
    long tickAtMillis = Long.MAX_VALUE;
    short version = 1;

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Adds a number to some keys; answers with the changed entries. */
    static Command<ListMachine, Map<String, String>> add(int number, List<String> keys) {
        return state -> {
            Map<String, String> answer = new TreeMap<>();
            List<CoordinatorRecord> records = new ArrayList<>();
            for (String key : keys) {
                String list = state.lists.getOrDefault(key, "") + number + ",";
                answer.put(key, list);
                records.add(new CoordinatorRecord(bytes(key), bytes(list)));
            }
            return Outcome.of(answer, records);
        };
    }

    static Command<ListMachine, Map<String, String>> clear(String key) {
        return state -> Outcome.of(Map.of(), List.of(new CoordinatorRecord(bytes(key), null)));
    }

    @Override
    public void replay(CoordinatorRecord record, long offset) {
        String key = text(record.key());
        if (record.key() == POISON) {
            throw new IllegalStateException("a key that cannot be replayed");
        }
        if (record.value() == null) {
            lists.remove(key);
        } else {
            lists.put(key, text(record.value()));
        }
    }

    @Override
    public void committed(long offset) {
        committed = offset;
    }

    @Override
    public void reset() {
        resets++;
        lists.clear();
    }

    @Override
    public short stateVersion() {
        return version;
    }

    /** One entry a step, by key, so that changes come in between. */
    @Override
    public StateDump dump() {
        dumps++;
        Iterator<String> keys = new ArrayList<>(lists.keySet()).iterator();
        return (out, bytes) -> {
            if (keys.hasNext()) {
                String key = keys.next();
                String list = lists.get(key);
                if (list != null) {
                    out.writeShort(key.length()).writeBytes(bytes(key));
                    out.writeShort(list.length()).writeBytes(bytes(list));
                }
            }
            return !keys.hasNext();
        };
    }

    @Override
    public void restore(ByteBuf body) {
        restores++;
        while (body.isReadable()) {
            String key = body.readCharSequence(body.readShort(), StandardCharsets.UTF_8)
                    .toString();
            lists.put(
                    key,
                    body.readCharSequence(body.readShort(), StandardCharsets.UTF_8)
                            .toString());
        }
    }

    @Override
    public long nextTickMillis() {
        return tickAtMillis;
    }

    @Override
    public List<CoordinatorRecord> tick(long nowMillis) {
        tickAtMillis = Long.MAX_VALUE;
        return List.of(new CoordinatorRecord(bytes("tick"), bytes(Long.toString(nowMillis))));
    }
}
