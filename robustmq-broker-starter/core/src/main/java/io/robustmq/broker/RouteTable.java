/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.PublishedSubject;

/**
 * Routes of one loop by the bytes of their subject: an open hash table that is emptied when it is full, in number or in bytes, so
 * that a flood of subjects, however long, costs computation, never memory. Confined to its loop.
 */
final class RouteTable {
    private static final int FIRST_SLOTS = 256;
    /** Of all subjects together: as many as there may be, of a usual length. */
    private static final int SUBJECT_BYTES_MAX = 4 << 20;

    /** Whose subjects they are. */
    record Scope(String tenant, String protocol, Spelling spelling) {}

    private final LoopBroker broker;
    private final Scope scope;
    private final int routesMax;
    private Route[] slots = new Route[FIRST_SLOTS];
    private int size;
    private int subjectBytes;

    RouteTable(LoopBroker broker, Scope scope, int routesMax) {
        this.broker = broker;
        this.scope = scope;
        this.routesMax = routesMax;
    }

    String protocol() {
        return scope.protocol();
    }

    /** The current route of the subject in the buffer. */
    Route find(ByteBuf buffer, int offset, int length) {
        int slot = SubjectBytes.hash(buffer, offset, length) & (slots.length - 1);
        while (slots[slot] != null) {
            Route route = slots[slot];
            if (route.isFor(buffer, offset, length)) {
                return broker.isCurrent(route) ? route : replace(slot, route);
            }
            slot = slot + 1 & (slots.length - 1);
        }
        PublishedSubject subject = new PublishedSubject(scope.spelling(), LoopBroker.text(buffer, offset, length));
        Route route = broker.compute(scope, subject);
        insert(route);
        return route;
    }

    /** The current route of the same subject. */
    Route refresh(Route stale) {
        byte[] utf8 = stale.subject.utf8();
        ByteBuf buffer = io.netty.buffer.Unpooled.wrappedBuffer(utf8);
        return find(buffer, 0, utf8.length);
    }

    private Route replace(int slot, Route stale) {
        Route route = broker.compute(scope, stale.subject);
        slots[slot] = route;
        return route;
    }

    private void insert(Route route) {
        if (size >= routesMax || subjectBytes > SUBJECT_BYTES_MAX) {
            slots = new Route[FIRST_SLOTS];
            size = 0;
            subjectBytes = 0;
        } else if (size * 2 >= slots.length) {
            Route[] old = slots;
            slots = new Route[old.length * 2];
            for (Route each : old) {
                if (each != null) {
                    place(each);
                }
            }
        }
        place(route);
        size++;
        subjectBytes += route.subject.utf8().length;
    }

    /** Of the subjects that it remembers. */
    int subjectBytes() {
        return subjectBytes;
    }

    private void place(Route route) {
        byte[] utf8 = route.subject.utf8();
        int slot = SubjectBytes.hash(io.netty.buffer.Unpooled.wrappedBuffer(utf8), 0, utf8.length) & (slots.length - 1);
        while (slots[slot] != null) {
            slot = slot + 1 & (slots.length - 1);
        }
        slots[slot] = route;
    }
}
