/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.robustmq.broker.coordinator.StateMachine.StateDump;
import io.robustmq.kernel.Clock;
import io.robustmq.storage.StateSnapshot;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the state down now and then, in steps between commands, and reads it back. The snapshot is named after the offset
 * up to which everything was committed when it began: what it shows of later records is replayed over it. It is kept only
 * when everything that it may show is committed. Confined to the coordinator's loop, but for the volatile field.
 *
 * <p>A snapshot must not outlive the tombstones behind it: one that was compacted away would not remove what the snapshot
 * shows. So an old one with anything behind it is not used, and one that cannot be replaced is forgotten.
 *
 * <p>Format: 1 byte version of this format, 2 bytes version of the state, 8 bytes time, 4 bytes CRC32C of the body, body.
 */
final class Snapshots {
    static final String STATE_NAME = "coordinator";
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private static final byte FORMAT_VERSION = 1;
    private static final int HEADER_BYTES = 15;
    private static final int CRC_POSITION = 11;
    private static final int BYTES_PER_STEP = 128 << 10;

    private final CoordinatorLog log;
    private final StateMachine machine;
    private final CoordinatorConfig config;
    private final Clock clock;
    private final ByteBufAllocator allocator;
    private final CoordinatorMetrics metrics;
    /** Everything below is committed. */
    private final LongSupplier committed;
    /** The state shows nothing at or behind it. */
    private final LongSupplier end;

    private volatile long takenMillis;
    private @Nullable Running running;
    private boolean storing;
    /** The shard has a snapshot, as far as is known. */
    private boolean present;

    private long records;
    private long bytes;
    private long lastBytes;
    private long firstRecordMillis = Long.MAX_VALUE;

    /** A dump under way. */
    private static final class Running {
        final StateDump dump;
        final ByteBuf out;
        final long fromOffset;
        /** Everything the dump may show lies below; -1 while it is written. */
        long upTo = -1;

        Running(StateDump dump, ByteBuf out, long fromOffset) {
            this.dump = dump;
            this.out = out;
            this.fromOffset = fromOffset;
        }
    }

    Snapshots(
            CoordinatorLog log,
            StateMachine machine,
            CoordinatorConfig config,
            Clock clock,
            ByteBufAllocator allocator,
            CoordinatorMetrics metrics,
            LongSupplier committed,
            LongSupplier end) {
        this.log = log;
        this.machine = machine;
        this.config = config;
        this.clock = clock;
        this.allocator = allocator;
        this.metrics = metrics;
        this.committed = committed;
        this.end = end;
        this.takenMillis = clock.millis();
    }

    long ageMillis() {
        return Math.max(0, clock.millis() - takenMillis);
    }

    /** When a snapshot is due for its age. */
    long dueMillis() {
        return firstRecordMillis == Long.MAX_VALUE || running != null
                ? Long.MAX_VALUE
                : firstRecordMillis + config.snapshotMillis();
    }

    /** Begins to count what a snapshot would spare the next load. */
    void loaded() {
        records = 0;
        bytes = 0;
        firstRecordMillis = Long.MAX_VALUE;
    }

    void committed(int newRecords, int newBytes) {
        if (firstRecordMillis == Long.MAX_VALUE) {
            firstRecordMillis = clock.millis();
        }
        records += newRecords;
        bytes += newBytes;
        Running current = running;
        if (current == null) {
            startIfDue();
        } else if (current.upTo >= 0 && committed.getAsLong() >= current.upTo) {
            store(current);
        }
    }

    void startIfDue() {
        boolean due = records >= config.snapshotRecords()
                || bytes >= Math.max(config.snapshotBytes(), lastBytes)
                || dueMillis() <= clock.millis();
        if (!due || running != null || storing) {
            return;
        }
        records = 0;
        bytes = 0;
        firstRecordMillis = Long.MAX_VALUE;
        StateDump dump = machine.dump();
        if (dump == null) {
            forget();
            return;
        }
        ByteBuf out = allocator.buffer();
        out.writeByte(FORMAT_VERSION)
                .writeShort(machine.stateVersion())
                .writeLong(clock.millis())
                .writeInt(0);
        Running started = new Running(dump, out, committed.getAsLong());
        running = started;
        log.loop().execute(() -> step(started));
    }

    private void step(Running dumping) {
        if (running != dumping) {
            return;
        }
        try {
            boolean done = dumping.dump.write(dumping.out, BYTES_PER_STEP);
            if (dumping.out.readableBytes() > config.snapshotBytesMax()) {
                // Replaying the compacted shard costs less than writing all of it again and again.
                lastBytes = dumping.out.readableBytes();
                abandon();
                forget();
            } else if (done) {
                dumping.upTo = end.getAsLong();
                log.loop().execute(() -> storeIfCommitted(dumping));
            } else {
                log.loop().execute(() -> step(dumping));
            }
        } catch (RuntimeException e) {
            LOG.error("the state of {} could not be written down", log.shard(), e);
            metrics.snapshotFailures.increment();
            abandon();
        }
    }

    private void storeIfCommitted(Running dumped) {
        if (running == dumped && committed.getAsLong() >= dumped.upTo) {
            store(dumped);
        }
    }

    private void store(Running dumped) {
        running = null;
        ByteBuf out = dumped.out;
        out.setInt(CRC_POSITION, crc(out.slice(HEADER_BYTES, out.readableBytes() - HEADER_BYTES)));
        int size = out.readableBytes();
        put(dumped.fromOffset, out, () -> {
            present = true;
            lastBytes = size;
            takenMillis = clock.millis();
            metrics.snapshots.increment();
        });
    }

    /** The shard is replayed from its start until there is a snapshot again. */
    private void forget() {
        if (present && !storing) {
            put(committed.getAsLong(), Unpooled.EMPTY_BUFFER, () -> present = false);
        }
    }

    private void put(long offset, ByteBuf owned, Runnable kept) {
        storing = true;
        log.putState(STATE_NAME, offset, owned).whenComplete((done, failure) -> {
            storing = false;
            if (failure == null) {
                kept.run();
                return;
            }
            LOG.warn(
                    "a snapshot of {} could not be kept: {}",
                    log.shard(),
                    CoordinatorRuntime.causeOf(failure).getMessage());
            metrics.snapshotFailures.increment();
        });
    }

    /** The state that it walks over is gone. */
    void abandon() {
        Running current = running;
        if (current != null) {
            running = null;
            current.out.release();
        }
    }

    /** Restores the newest snapshot that can be read; answers with the offset from which the shard is replayed. */
    CompletionStage<Long> restore(long endOffset) {
        return log.getState(STATE_NAME).thenApply(snapshot -> {
            try {
                return restore(snapshot, endOffset);
            } finally {
                snapshot.owned().release();
            }
        });
    }

    private long restore(StateSnapshot snapshot, long endOffset) {
        ByteBuf in = snapshot.owned();
        if (snapshot.offset() < 0 || in.readableBytes() < HEADER_BYTES) {
            return 0;
        }
        present = true;
        byte format = in.readByte();
        short version = in.readShort();
        long ageMillis = clock.millis() - in.readLong();
        int crc = in.readInt();
        if (format != FORMAT_VERSION || version != machine.stateVersion() || crc != crc(in.slice())) {
            LOG.warn("the snapshot of {} is of another version or damaged; the shard is replayed instead", log.shard());
            return 0;
        }
        if (snapshot.offset() < endOffset && ageMillis > config.snapshotAgeMaxMillis()) {
            LOG.info("the snapshot of {} is old; the shard is replayed instead", log.shard());
            return 0;
        }
        try {
            machine.restore(in);
            return snapshot.offset();
        } catch (RuntimeException e) {
            LOG.warn("the snapshot of {} cannot be read; the shard is replayed instead", log.shard(), e);
            machine.reset();
            return 0;
        }
    }

    private static int crc(ByteBuf body) {
        CRC32C crc = new CRC32C();
        for (java.nio.ByteBuffer part : body.nioBuffers()) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }
}
