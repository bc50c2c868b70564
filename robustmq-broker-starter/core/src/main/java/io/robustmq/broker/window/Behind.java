/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.SessionLogPort;
import io.robustmq.protocol.SessionLogPort.BacklogRead;
import io.robustmq.protocol.SessionLogPort.BacklogSink;
import io.robustmq.protocol.SessionLogPort.LoggedMessage;
import io.robustmq.protocol.SessionLogPort.Mark;
import io.robustmq.protocol.SessionLogPort.Marks;
import io.robustmq.protocol.ShardPositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What no member of a group could take: it lies in the log anyway, so of each shard only the place is kept where the group fell
 * behind. It is read when members have room, until the place is where live messages are. Confined to the window's loop.
 */
final class Behind {
    /** Read ahead of what members take. */
    static final int CHUNK = 64;

    private static final long RETRY_MILLIS = 1000;

    private final SessionLogPort log;
    private final Loop loop;
    private final List<String> filters;
    private final Reader reader;
    private final Map<ShardId, Place> places = new TreeMap<>();
    private long waiting;

    /** The window. */
    interface Reader {
        void read(ShardId shard, List<LoggedMessage> messages);

        /** Messages that went from the log before anybody read them, at most. */
        void lost(long messages);

        /** Something has changed: it may ask for more. */
        void goOn();
    }

    Behind(SessionLogPort log, Loop loop, String filter, Reader reader) {
        this.log = log;
        this.loop = loop;
        this.filters = List.of(filter);
        this.reader = reader;
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    boolean contains(ShardId shard) {
        return !places.isEmpty() && places.containsKey(shard);
    }

    /** Messages that were passed over and not read yet. */
    long waiting() {
        return waiting;
    }

    /** A live message that nobody takes now; it will be read, and so will all behind it. */
    void skip(ShardId shard, long offset) {
        waiting++;
        places.computeIfAbsent(shard, id -> new Place(id, offset));
    }

    /** So many messages may come. */
    void request(int messages) {
        int left = messages;
        for (Place place : new ArrayList<>(places.values())) {
            left -= place.request(left);
            if (left <= 0) {
                return;
            }
        }
    }

    void cancel() {
        places.values().forEach(Place::cancel);
        places.clear();
    }

    private final class Place implements BacklogSink, Marks {
        private final ShardId shard;
        private long next;
        private @Nullable BacklogRead read;
        private boolean asking;
        /** Asked for and not come. */
        private int requested;

        Place(ShardId shard, long next) {
            this.shard = shard;
            this.next = next;
        }

        /** Answers how many of the messages it took for itself. */
        int request(int messages) {
            BacklogRead current = read;
            if (current == null) {
                ask();
                return 0;
            }
            int more = messages - requested;
            if (more > 0) {
                requested += more;
                current.request(more);
            }
            return requested;
        }

        private void ask() {
            if (!asking) {
                asking = true;
                ShardPositions here = ShardPositions.of(Map.of(shard, new ShardPositions.Place(-1, next)));
                log.mark(here, loop, this);
            }
        }

        @Override
        public void marked(ShardId asked, @Nullable Mark mark) {
            asking = false;
            if (places.get(shard) != this) {
                return;
            }
            if (mark == null) {
                leave();
            } else if (mark.problem() != null) {
                retry();
            } else if (next >= mark.dispatched()) {
                // What comes from now on is at or above: it is delivered as it comes.
                leave();
            } else {
                requested = 0;
                read = log.read(shard, filters, next, mark.dispatched(), loop, this);
            }
            reader.goOn();
        }

        @Override
        public void done() {
            // One shard was asked, and it has answered.
        }

        private void leave() {
            places.remove(shard);
            if (places.isEmpty()) {
                waiting = 0;
            }
        }

        private void retry() {
            asking = true;
            loop.schedule(RETRY_MILLIS, () -> {
                asking = false;
                reader.goOn();
            });
        }

        void cancel() {
            BacklogRead current = read;
            if (current != null) {
                current.cancel();
            }
        }

        @Override
        public void messages(List<LoggedMessage> messages) {
            if (places.get(shard) != this) {
                return;
            }
            requested = Math.max(0, requested - messages.size());
            waiting = Math.max(0, waiting - messages.size());
            next = messages.get(messages.size() - 1).offset() + 1;
            reader.read(shard, messages);
        }

        @Override
        public void ended(long nextOffset, long lost, @Nullable RmqException failure) {
            if (places.get(shard) != this) {
                return;
            }
            read = null;
            requested = 0;
            next = Math.max(next, nextOffset);
            if (lost > 0) {
                reader.lost(lost);
            }
            if (failure != null) {
                retry();
            }
            reader.goOn();
        }
    }
}
