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
    private @Nullable Waking waking;
    private long waiting;

    /** The window. */
    interface Reader {
        void read(ShardId shard, List<LoggedMessage> messages);

        /** Everything below was read, or does not match. */
        void passed(ShardId shard, long nextOffset);

        /** The shard's owner has answered to who was at the offset under its epoch; negative for nowhere. */
        void found(ShardId shard, long asked, Mark mark);

        /** The shard is gone for good. */
        void gone(ShardId shard);

        /**
         * Messages that the group does not get any more: beyond the limits, or gone from the log before anybody read them; of
         * these at most so many.
         */
        void lost(long byCount, long byBytes, long byAge, long byRetention);

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

    /** Where the next read of the shard begins; {@link Long#MAX_VALUE} when it is not behind. */
    long nextOf(ShardId shard) {
        Place place = places.get(shard);
        return place == null ? Long.MAX_VALUE : place.next;
    }

    /** Messages that were passed over and not read yet. */
    long waiting() {
        return waiting;
    }

    /** A live message that nobody takes now; it will be read, and so will all behind it. */
    void skip(ShardId shard, long offset) {
        waiting++;
        places.computeIfAbsent(shard, id -> new Place(id, -1, offset, offset));
    }

    /**
     * It goes on where an earlier process has left.
     *
     * @param from where the read begins
     * @param asked everything below was read, but for some that it has to be read for again; negative for from now on
     */
    void restore(ShardId shard, int epoch, long from, long asked) {
        Place place = new Place(shard, epoch, from, asked);
        place.restored = true;
        places.put(shard, place);
    }

    /** So many messages may come. */
    void request(int messages) {
        if (waking != null) {
            return;
        }
        int left = messages;
        for (Place place : new ArrayList<>(places.values())) {
            left -= place.request(left);
            if (left <= 0) {
                return;
            }
        }
    }

    /** Nobody is there: what is read from now on has waited. */
    void sleep() {
        waking = null;
        places.values().forEach(Place::stop);
    }

    /** Somebody is there: what has come meanwhile is subject to the limits. */
    void wake(WindowLimits limits) {
        Waking next = new Waking(limits, loop.clock().millis());
        waking = next;
        next.begin();
    }

    void cancel() {
        waking = null;
        places.values().forEach(Place::stop);
        places.clear();
    }

    /** What a group finds whose members come back: as much of it as its limits allow. */
    private final class Waking {
        private final WindowLimits limits;
        private final long oldestMillis;
        private final List<Place> reading = new ArrayList<>();
        private long records;
        private long bytes;
        private int missing = 1;

        Waking(WindowLimits limits, long nowMillis) {
            this.limits = limits;
            this.oldestMillis = limits.backlogAgeMillisMax() > 0 ? nowMillis - limits.backlogAgeMillisMax() : 0;
        }

        void begin() {
            List<Place> all = new ArrayList<>(places.values());
            missing += all.size();
            all.forEach(each -> {
                each.stop();
                each.ask();
            });
            answered();
        }

        /** @param behind null when there is nothing to read now */
        void answered(@Nullable Place behind, @Nullable Mark mark) {
            if (behind != null && mark != null) {
                reading.add(behind);
                behind.oldestMillis = oldestMillis;
                behind.keepFrom = 0;
                behind.asleepUntil = mark.dispatched();
                records += mark.dispatched() - behind.next;
                bytes += mark.bytesBehind();
            }
            answered();
        }

        private void answered() {
            if (--missing > 0 || waking != this) {
                return;
            }
            if (records <= limits.backlogMax() && bytes <= limits.backlogBytesMax()) {
                end();
                return;
            }
            BacklogCut cut = new BacklogCut(limits.backlogMax(), limits.backlogBytesMax());
            missing = reading.size();
            List<BacklogCut.OfShard> cuts = new ArrayList<>();
            for (Place each : reading) {
                BacklogCut.OfShard ofShard = cut.ofShard();
                cuts.add(ofShard);
                count(each, ofShard, () -> counted(cut, cuts));
            }
        }

        private void count(Place place, BacklogCut.OfShard cut, Runnable done) {
            BacklogSink sink = new BacklogSink() {
                @Override
                public void messages(List<LoggedMessage> messages) {
                    for (LoggedMessage each : messages) {
                        if (each.offset() >= place.begunBelow && each.timestampMillis() >= oldestMillis) {
                            cut.add(
                                    each.offset(),
                                    each.timestampMillis(),
                                    each.message().sizeBytes());
                        }
                    }
                }

                @Override
                public void ended(long nextOffset, long lost, @Nullable RmqException failure) {
                    done.run();
                }
            };
            log.read(place.shard, filters, place.next, place.asleepUntil, loop, sink)
                    .request(Integer.MAX_VALUE);
        }

        private void counted(BacklogCut cut, List<BacklogCut.OfShard> cuts) {
            if (--missing > 0 || waking != this) {
                return;
            }
            cut.decide();
            for (int i = 0; i < cuts.size(); i++) {
                reading.get(i).keepFrom = cuts.get(i).keptFrom();
            }
            reader.lost(cut.droppedByCount(), cut.droppedByBytes(), 0, 0);
            end();
        }

        private void end() {
            waking = null;
            reading.forEach(Place::read);
            reader.goOn();
        }
    }

    private final class Place {
        private final ShardId shard;
        private int epoch;
        private long next;
        /** What lies below was given to somebody before, and is not subject to limits. */
        private final long begunBelow;

        private boolean restored;
        private @Nullable Reading reading;
        private @Nullable Asking asking;
        private long end;
        private long asleepUntil;
        private long keepFrom;
        private long oldestMillis;

        Place(ShardId shard, int epoch, long next, long begunBelow) {
            this.shard = shard;
            this.epoch = epoch;
            this.next = next;
            this.begunBelow = begunBelow;
        }

        /** Answers how many of the messages it took for itself. */
        int request(int messages) {
            Reading current = reading;
            if (current == null) {
                if (asking == null) {
                    ask();
                }
                return 0;
            }
            return current.request(messages);
        }

        void ask() {
            Asking next = new Asking();
            asking = next;
            long offset = restored ? begunBelow : this.next;
            log.mark(ShardPositions.of(Map.of(shard, new ShardPositions.Place(epoch, offset))), loop, next);
        }

        void marked(@Nullable Mark mark) {
            Waking all = waking;
            boolean behind = false;
            if (mark == null) {
                leave();
                reader.gone(shard);
            } else if (mark.problem() != null) {
                retry();
            } else {
                if (restored) {
                    restored = false;
                    reader.found(shard, begunBelow, mark);
                    next = begunBelow < 0 ? mark.from() : Math.min(next, mark.from());
                    epoch = -1;
                }
                behind = next < mark.dispatched();
                if (behind) {
                    end = mark.dispatched();
                } else {
                    // What comes from now on is at or above: it is delivered as it comes.
                    leave();
                    reader.passed(shard, mark.dispatched());
                }
            }
            if (all != null) {
                all.answered(behind ? this : null, mark);
                return;
            }
            if (behind) {
                read();
            }
            reader.goOn();
        }

        void read() {
            Reading begun = new Reading(this);
            reading = begun;
            begun.read = log.read(shard, filters, next, end, loop, begun);
        }

        private void leave() {
            places.remove(shard);
            if (places.isEmpty()) {
                waiting = 0;
            }
        }

        private void retry() {
            Asking later = new Asking();
            asking = later;
            loop.schedule(RETRY_MILLIS, () -> {
                if (asking == later) {
                    asking = null;
                    reader.goOn();
                }
            });
        }

        void stop() {
            Reading current = reading;
            reading = null;
            asking = null;
            if (current != null && current.read != null) {
                current.read.cancel();
            }
        }

        /** Those that the group still gets. */
        private List<LoggedMessage> within(List<LoggedMessage> messages) {
            if (messages.get(0).offset() >= asleepUntil || keepFrom == 0 && oldestMillis == 0) {
                return messages;
            }
            List<LoggedMessage> kept = new ArrayList<>(messages.size());
            long tooOld = 0;
            for (LoggedMessage each : messages) {
                boolean slept = each.offset() >= begunBelow && each.offset() < asleepUntil;
                if (slept && each.timestampMillis() < oldestMillis) {
                    tooOld++;
                } else if (!slept || each.offset() >= keepFrom) {
                    kept.add(each);
                }
            }
            if (tooOld > 0) {
                reader.lost(0, 0, tooOld, 0);
            }
            return kept;
        }

        /** One question to the owner. */
        private final class Asking implements Marks {
            @Override
            public void marked(ShardId asked, @Nullable Mark mark) {
                if (asking == this && places.get(shard) == Place.this) {
                    asking = null;
                    Place.this.marked(mark);
                }
            }

            @Override
            public void done() {
                // One shard was asked, and it has answered.
            }
        }
    }

    /** One read of a place; what comes when it is not the current one is ignored. */
    private final class Reading implements BacklogSink {
        private final Place place;
        private @Nullable BacklogRead read;
        /** Asked for and not come. */
        private int requested;

        Reading(Place place) {
            this.place = place;
        }

        int request(int messages) {
            BacklogRead current = read;
            int more = messages - requested;
            if (more > 0 && current != null) {
                requested += more;
                current.request(more);
            }
            return requested;
        }

        private boolean isCurrent() {
            return place.reading == this && places.get(place.shard) == place;
        }

        @Override
        public void messages(List<LoggedMessage> messages) {
            if (!isCurrent()) {
                return;
            }
            requested = Math.max(0, requested - messages.size());
            waiting = Math.max(0, waiting - messages.size());
            place.next = messages.get(messages.size() - 1).offset() + 1;
            List<LoggedMessage> within = place.within(messages);
            long next = place.next;
            reader.read(place.shard, within);
            reader.passed(place.shard, next);
        }

        @Override
        public void ended(long nextOffset, long lost, @Nullable RmqException failure) {
            if (!isCurrent()) {
                return;
            }
            place.reading = null;
            place.next = Math.max(place.next, nextOffset);
            if (lost > 0) {
                reader.lost(0, 0, 0, lost);
            }
            if (failure != null) {
                place.retry();
            } else {
                reader.passed(place.shard, place.next);
            }
            reader.goOn();
        }
    }
}
