/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.robustmq.kernel.RmqError;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One group's state in RocksDB: a column family per kind, plus {@code ~...} families for its own bookkeeping. It is written
 * without a write-ahead log and forgotten at each start: the raft log is its log, a snapshot its base.
 *
 * <p>One thread writes (raft's apply thread); reads are thread-safe and see the state between two batches.
 */
public final class StateStore implements AutoCloseable {
    /** Families of this prefix are not kinds of documents. */
    static final char INTERNAL = '~';

    private final Path directory;
    private final ReadWriteLock lifecycle = new ReentrantReadWriteLock();
    private final DBOptions databaseOptions = StateMemory.databaseOptions();
    private final ColumnFamilyOptions familyOptions = StateMemory.familyOptions();
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final Map<String, ColumnFamilyHandle> families = new ConcurrentSkipListMap<>();
    private @Nullable RocksDB database;

    /** Opens an empty store; what the directory held is deleted. */
    public StateStore(Path directory) {
        this.directory = directory;
        deleteTree(directory);
        open();
    }

    private void open() {
        try {
            Files.createDirectories(directory);
            List<byte[]> names;
            try (Options listing = new Options()) {
                names = RocksDB.listColumnFamilies(listing, directory.toString());
            }
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            for (byte[] name : names.isEmpty() ? List.of(RocksDB.DEFAULT_COLUMN_FAMILY) : names) {
                descriptors.add(new ColumnFamilyDescriptor(name, familyOptions));
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            database = RocksDB.open(databaseOptions, directory.toString(), descriptors, handles);
            for (int i = 0; i < handles.size(); i++) {
                families.put(new String(descriptors.get(i).getName(), UTF_8), handles.get(i));
            }
        } catch (RocksDBException | IOException e) {
            throw new StateFailure("cannot open the state in " + directory, e);
        }
    }

    private RocksDB database() {
        RocksDB open = database;
        if (open == null) {
            throw RmqError.CLOSED.exception("this meta member is stopping");
        }
        return open;
    }

    /** Names of the kinds that have or had documents. */
    public List<String> kinds() {
        return families.keySet().stream()
                .filter(name -> name.charAt(0) != INTERNAL && !name.equals("default"))
                .toList();
    }

    byte @Nullable [] get(String family, byte[] key) {
        lifecycle.readLock().lock();
        try {
            ColumnFamilyHandle handle = families.get(family);
            return handle == null ? null : database().get(handle, key);
        } catch (RocksDBException e) {
            throw new StateFailure("cannot read", e);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    /** The document; null when there is none. */
    public @Nullable Stored get(DocKey key) {
        byte[] bytes = get(key.kind(), key.bytes());
        return bytes == null ? null : decode(key, bytes);
    }

    static byte[] encode(long revision, byte[] value) {
        return ByteBuffer.allocate(8 + value.length)
                .putLong(revision)
                .put(value)
                .array();
    }

    private static Stored decode(DocKey key, byte[] bytes) {
        return new Stored(
                key,
                Arrays.copyOfRange(bytes, 8, bytes.length),
                ByteBuffer.wrap(bytes).getLong());
    }

    /** Calls the visitor with each document whose key starts with the prefix, sorted; false ends it. */
    public void scan(String kind, byte[] prefix, DocumentVisitor visitor) {
        scan(kind, prefix, prefix, visitor);
    }

    /** As {@link #scan(String, byte[], DocumentVisitor)}, beginning at the first key that is not below {@code from}. */
    public void scan(String kind, byte[] prefix, byte[] from, DocumentVisitor visitor) {
        try (View view = view()) {
            view.scanRaw(kind, prefix, from, (key, value) -> visitor.visit(decode(DocKey.ofBytes(kind, key), value)));
        }
    }

    /** See {@link #scan}. */
    @FunctionalInterface
    public interface DocumentVisitor {
        boolean visit(Stored document);
    }

    /** What a scan of raw keys calls. */
    @FunctionalInterface
    interface RawVisitor {
        boolean visit(byte[] key, byte[] value);
    }

    /** The state as of now, whatever is written later. */
    public View view() {
        return new View();
    }

    /** A frozen state. Confined to one thread; holds off snapshot installation until closed. */
    public final class View implements AutoCloseable {
        private final RocksDB frozen;
        private final Snapshot snapshot;
        private final ReadOptions options;

        private View() {
            lifecycle.readLock().lock();
            RocksDB open = database;
            if (open == null) {
                lifecycle.readLock().unlock();
                throw RmqError.CLOSED.exception("this meta member is stopping");
            }
            frozen = open;
            snapshot = open.getSnapshot();
            options = new ReadOptions().setSnapshot(snapshot);
        }

        byte @Nullable [] get(String family, byte[] key) {
            ColumnFamilyHandle handle = families.get(family);
            try {
                return handle == null ? null : frozen.get(handle, options, key);
            } catch (RocksDBException e) {
                throw new StateFailure("cannot read", e);
            }
        }

        public @Nullable Stored get(DocKey key) {
            byte[] bytes = get(key.kind(), key.bytes());
            return bytes == null ? null : decode(key, bytes);
        }

        public void scan(String kind, byte[] prefix, DocumentVisitor visitor) {
            scanRaw(kind, prefix, (key, value) -> visitor.visit(decode(DocKey.ofBytes(kind, key), value)));
        }

        void scanRaw(String family, byte[] prefix, RawVisitor visitor) {
            scanRaw(family, prefix, prefix, visitor);
        }

        private void scanRaw(String family, byte[] prefix, byte[] from, RawVisitor visitor) {
            ColumnFamilyHandle handle = families.get(family);
            if (handle == null) {
                return;
            }
            try (RocksIterator iterator = frozen.newIterator(handle, options)) {
                iterator.seek(from);
                boolean more = true;
                while (more && iterator.isValid() && startsWith(iterator.key(), prefix)) {
                    more = visitor.visit(iterator.key(), iterator.value());
                    iterator.next();
                }
                iterator.status();
            } catch (RocksDBException e) {
                throw new StateFailure("cannot read", e);
            }
        }

        @Override
        public void close() {
            options.close();
            frozen.releaseSnapshot(snapshot);
            lifecycle.readLock().unlock();
        }
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Changes that become visible together. Confined to the writing thread. */
    final class Batch implements AutoCloseable {
        private final WriteBatch batch = new WriteBatch();

        void put(String family, byte[] key, byte[] value) {
            try {
                batch.put(family(family), key, value);
            } catch (RocksDBException e) {
                throw new StateFailure("cannot write", e);
            }
        }

        void delete(String family, byte[] key) {
            try {
                batch.delete(family(family), key);
            } catch (RocksDBException e) {
                throw new StateFailure("cannot write", e);
            }
        }

        void commit() {
            try {
                database().write(writeOptions, batch);
            } catch (RocksDBException e) {
                throw new StateFailure("cannot write", e);
            }
        }

        @Override
        public void close() {
            batch.close();
        }
    }

    private ColumnFamilyHandle family(String name) throws RocksDBException {
        ColumnFamilyHandle handle = families.get(name);
        if (handle == null) {
            handle = database().createColumnFamily(new ColumnFamilyDescriptor(name.getBytes(UTF_8), familyOptions));
            families.put(name, handle);
        }
        return handle;
    }

    /** Writes the whole state into the directory, which must exist; answers with the names of the files. */
    public List<String> checkpoint(Path target) {
        Path made = target.resolve("checkpoint.tmp");
        try (Checkpoint checkpoint = Checkpoint.create(database())) {
            deleteTree(made);
            checkpoint.createCheckpoint(made.toString());
            List<String> names = new ArrayList<>();
            try (Stream<Path> files = Files.list(made)) {
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString();
                    Files.move(file, target.resolve(name));
                    names.add(name);
                }
            }
            Files.delete(made);
            return names;
        } catch (RocksDBException | IOException e) {
            throw new StateFailure("cannot write a snapshot to " + target, e);
        }
    }

    /** Replaces the whole state by a checkpoint's files; nothing of the old state stays. */
    public void restore(Path source, List<String> files) {
        lifecycle.writeLock().lock();
        try {
            closeDatabase();
            deleteTree(directory);
            Files.createDirectories(directory);
            for (String name : files) {
                Path from = source.resolve(name);
                // Table files never change, so they can be shared with the snapshot; the others are small and are
                // copied.
                if (name.endsWith(".sst")) {
                    Files.createLink(directory.resolve(name), from);
                } else {
                    Files.copy(from, directory.resolve(name));
                }
            }
            open();
        } catch (IOException e) {
            throw new StateFailure("cannot install the snapshot " + source, e);
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    /** Everything the state holds, in one canonical form: equal states have equal bytes. */
    public byte[] dump() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (View view = view();
                DataOutputStream out = new DataOutputStream(bytes)) {
            for (String family : new TreeMap<>(families).keySet()) {
                view.scanRaw(family, new byte[0], (key, value) -> {
                    try {
                        out.writeUTF(family);
                        out.writeInt(key.length);
                        out.write(key);
                        out.writeInt(value.length);
                        out.write(value);
                    } catch (IOException e) {
                        throw new AssertionError("an array does not fail", e);
                    }
                    return true;
                });
            }
        } catch (IOException e) {
            throw new AssertionError("an array does not fail", e);
        }
        return bytes.toByteArray();
    }

    private void closeDatabase() {
        families.values().forEach(ColumnFamilyHandle::close);
        families.clear();
        if (database != null) {
            database.close();
            database = null;
        }
    }

    @Override
    public void close() {
        lifecycle.writeLock().lock();
        try {
            closeDatabase();
            writeOptions.close();
            familyOptions.close();
            databaseOptions.close();
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    private static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new StateFailure("cannot clear " + root, e);
        }
    }
}
