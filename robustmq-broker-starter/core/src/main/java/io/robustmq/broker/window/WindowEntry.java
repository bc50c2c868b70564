/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.WindowDelivery;
import io.robustmq.protocol.WindowMember;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through a window. Confined to the window's loop while it waits, to the member's while it is under way;
 * a task passes it on.
 */
final class WindowEntry implements WindowDelivery {
    /** Its quality of service before that of a member counts. */
    final int publishedQos;

    /** What the hash strategies go by. */
    final int publisherHash;

    final int subjectHash;
    private final boolean retain;
    private @Nullable StoredMessage message;
    private @Nullable Membership holder;
    private boolean given;
    /** Of a group that outlives the process. */
    private @Nullable ShardId shard;

    private long offset = -1;

    WindowEntry(int publishedQos, boolean retain, int publisherHash, int subjectHash) {
        this.publishedQos = publishedQos;
        this.retain = retain;
        this.publisherHash = publisherHash;
        this.subjectHash = subjectHash;
    }

    /** Where it lies: the group wants to know how it ends. */
    void at(ShardId in, long place) {
        shard = in;
        offset = place;
    }

    void message(StoredMessage stored) {
        message = stored;
    }

    @Override
    public StoredMessage message() {
        return Objects.requireNonNull(message, "it has no message yet");
    }

    /** It goes to the member; answers whether somebody had it before. */
    boolean give(Membership to) {
        boolean again = given;
        given = true;
        holder = to;
        return again;
    }

    Membership holder() {
        return Objects.requireNonNull(holder, "nobody has it");
    }

    @Override
    public int qos() {
        return Math.min(publishedQos, member().maxQos());
    }

    @Override
    public boolean retain() {
        return retain;
    }

    @Override
    public WindowMember member() {
        return holder().member();
    }

    @Override
    public @Nullable ShardId shard() {
        return shard;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public void done() {
        Membership member = holder();
        member.done();
        if (shard != null) {
            member.window().settling().settled(this, null);
        }
    }

    @Override
    public void done(Runnable noted) {
        Membership member = holder();
        member.done();
        if (shard == null) {
            noted.run();
        } else {
            member.window().settling().settled(this, noted);
        }
    }
}
