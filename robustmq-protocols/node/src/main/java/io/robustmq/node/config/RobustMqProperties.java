/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import io.robustmq.node.Role;
import io.robustmq.node.StartRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What every node is told, whatever its roles. Immutable.
 *
 * @param roles what this node does: meta, broker, journal (alias engine)
 * @param clusterName the cluster that this node belongs to; kept in the data directory, which refuses another one
 * @param nodeId number of this node in the cluster, 1 or more, also the Kafka broker id; kept in the data directory
 * @param dataDir everything that this node keeps lies below; locked while it runs
 * @param bindAddress where ports listen unless they say otherwise
 * @param statusFile where the node writes in which phase it is, for the scripts that start and stop it; unset means nowhere
 * @param defaultEngine engine of new topics that do not name one; unset means memory for what no topic binds, file for topics that somebody creates, rocksdb for internal ones
 * @param rpc the inner port that nodes reach each other by
 * @param meta who keeps the cluster's metadata
 * @param capture by protocol, which messages that no topic binds are kept: all, acknowledged (QoS 1 and up) or bound
 * @param memory how much payload may be in flight
 * @param storage where durable topics lie
 * @param retention what compaction in the background may cost
 * @param retained how many retained messages there may be
 * @param delayed how many messages may wait for their time
 * @param producers what is remembered of idempotent producers
 * @param windows groups whose members share messages
 * @param visibility what crosses from one protocol to another
 * @param access what holds where no user and no rule says anything
 */
@ConfigurationProperties(RobustMqProperties.PREFIX)
public record RobustMqProperties(
        @DefaultValue({"meta", "broker"}) List<String> roles,
        @DefaultValue("robustmq") String clusterName,
        @DefaultValue("1") int nodeId,
        @DefaultValue("./data") String dataDir,
        @DefaultValue("127.0.0.1") String bindAddress,
        @Nullable String statusFile,
        @Nullable String defaultEngine,
        @DefaultValue Rpc rpc,
        @DefaultValue Meta meta,
        Map<String, Capture> capture,
        @DefaultValue Memory memory,
        @DefaultValue Storage storage,
        @DefaultValue Retention retention,
        @DefaultValue Retained retained,
        @DefaultValue Delayed delayed,
        @DefaultValue Producers producers,
        @DefaultValue Windows windows,
        @DefaultValue Visibility visibility,
        @DefaultValue Access access) {

    /** Every key of ours starts with it. */
    public static final String PREFIX = "robustmq";

    /**
     * The inner port. Immutable.
     *
     * @param port port of the inner gRPC server, 0 for any free one
     * @param bindAddress where the inner port listens; unset means robustmq.bind-address
     * @param advertised host:port that other nodes reach this one by; unset means its entry in robustmq.meta.addresses, else where it listens
     * @param sharedSecret what nodes prove to each other to have, 32 characters or more, the same on all nodes
     * @param sharedSecretFile a file with the shared secret; further lines are secrets that are believed, too, while one is replaced
     * @param tls certificates of nodes, instead of a shared secret
     */
    public record Rpc(
            @DefaultValue("1228") int port,
            @Nullable String bindAddress,
            @Nullable String advertised,
            @Nullable String sharedSecret,
            @Nullable String sharedSecretFile,
            @DefaultValue Tls tls) {
        public Rpc {
            requirePort("robustmq.rpc.port", port);
            if (advertised != null) {
                requireAddress("robustmq.rpc.advertised", advertised);
            }
        }

        /**
         * Certificates of nodes. Immutable.
         *
         * @param bundle name of the SSL bundle (spring.ssl.bundle.*) with this node's certificate and the authority that signs those of nodes
         * @param allowedNames if there are any, another node's certificate has to have one of them: common name, DNS name or address
         */
        public record Tls(@Nullable String bundle, List<String> allowedNames) {
            public Tls {
                allowedNames = allowedNames == null ? List.of() : List.copyOf(allowedNames);
            }
        }

        @Override
        public String toString() {
            return "Rpc[port=" + port + ", bindAddress=" + bindAddress + ", advertised=" + advertised
                    + ", sharedSecret="
                    + (sharedSecret == null ? "unset" : "******") + ", sharedSecretFile=" + sharedSecretFile + ", tls="
                    + tls + "]";
        }
    }

    /**
     * The keepers of the metadata. Immutable.
     *
     * @param addresses inner address host:port of every meta node by its node id; empty means this node alone
     */
    public record Meta(Map<Integer, String> addresses) {
        public Meta {
            addresses = addresses == null ? Map.of() : Map.copyOf(new TreeMap<>(addresses));
            addresses.forEach((id, address) -> requireAddress("robustmq.meta.addresses." + id, address));
        }
    }

    /**
     * The budget for payloads in flight. Immutable.
     *
     * @param limit bytes in flight from which on publishers wait; unset means a quarter of the heap
     * @param engineLimit records of all topics in memory together, outside of the heap; unset means half of the heap's size
     */
    public record Memory(@Nullable DataSize limit, @Nullable DataSize engineLimit) {
        public Memory {
            if (limit != null && limit.toBytes() < 1 << 20) {
                throw refused("robustmq.memory.limit", limit.toString(), "give it at least 1MB");
            }
        }

        /** What topics in memory may hold together. */
        public long engineLimitBytes() {
            return engineLimit != null
                    ? engineLimit.toBytes()
                    : Runtime.getRuntime().maxMemory() / 2;
        }

        /** The limit, or its default on this machine. */
        public long limitBytes() {
            return limit != null ? limit.toBytes() : Runtime.getRuntime().maxMemory() / 4;
        }
    }

    /**
     * Where durable topics lie. Immutable.
     *
     * @param directories one per disk, for topics of engine file; a new shard goes where there are fewest; unset means broker below the data directory
     * @param lowWaterBytes a disk with less than this free refuses appends before it is full; deleting goes on
     * @param walFileBytes size of a file of a disk's write-ahead log, a power of two; fixed when the disk is first used
     * @param checkpointBytes a restart replays about as much of the write-ahead log; about twice as much lies on each disk
     * @param inboxBytes what may wait for the writer of one disk; more is refused as overload
     * @param openFilesMax segment files of one disk that are open at a time
     * @param scrubBytesPerSecond how much of each disk is read in a second to find what is damaged on it; 0 for never
     * @param scrubInterval from the beginning of one such round through everything to that of the next
     */
    public record Storage(
            List<String> directories,
            @DefaultValue("256MB") DataSize lowWaterBytes,
            @DefaultValue("64MB") DataSize walFileBytes,
            @DefaultValue("256MB") DataSize checkpointBytes,
            @DefaultValue("64MB") DataSize inboxBytes,
            @DefaultValue("2048") int openFilesMax,
            @DefaultValue("8MB") DataSize scrubBytesPerSecond,
            @DefaultValue("7d") Duration scrubInterval) {
        private static final String KEY = "robustmq.storage.directories";

        public Storage {
            long walFile = walFileBytes.toBytes();
            if (walFile < 1 << 20 || walFile > 1 << 30 || Long.bitCount(walFile) != 1) {
                throw refused(
                        "robustmq.storage.wal-file-bytes",
                        walFileBytes.toString(),
                        "give it a power of two, 1MB to 1GB");
            }
            if (checkpointBytes.toBytes() < walFile) {
                throw refused(
                        "robustmq.storage.checkpoint-bytes",
                        checkpointBytes.toString(),
                        "give it at least robustmq.storage.wal-file-bytes, which is " + walFileBytes);
            }
            if (lowWaterBytes.isNegative()) {
                throw refused("robustmq.storage.low-water-bytes", lowWaterBytes.toString(), "give it 0 or more");
            }
            if (inboxBytes.toBytes() < 1 << 20) {
                throw refused("robustmq.storage.inbox-bytes", inboxBytes.toString(), "give it at least 1MB");
            }
            if (openFilesMax < 16) {
                throw refused("robustmq.storage.open-files-max", Integer.toString(openFilesMax), "give it at least 16");
            }
            long scrubRate = scrubBytesPerSecond.toBytes();
            if (scrubRate < 0 || scrubRate > 0 && scrubRate < 1024) {
                throw refused(
                        "robustmq.storage.scrub-bytes-per-second",
                        scrubBytesPerSecond.toString(),
                        "give it at least 1KB, or 0 for no scrub");
            }
            if (scrubInterval.toMillis() < 60_000) {
                throw refused(
                        "robustmq.storage.scrub-interval", scrubInterval.toString(), "give it at least a minute: 1m");
            }
            directories = directories == null ? List.of() : List.copyOf(directories);
            List<Path> paths = directories.stream().map(Storage::path).toList();
            for (int i = 0; i < paths.size(); i++) {
                for (int j = 0; j < paths.size(); j++) {
                    if (i != j && paths.get(i).startsWith(paths.get(j))) {
                        throw refused(
                                KEY,
                                String.join(",", directories),
                                "each directory is a disk of its own, so none is the same as another or lies in it");
                    }
                }
            }
        }

        private static Path path(String directory) {
            if (directory.isBlank()) {
                throw refused(KEY, directory, "name directories, or leave the key out");
            }
            return Path.of(directory.trim()).toAbsolutePath().normalize();
        }
    }

    /**
     * What of retained messages this node holds in memory; one beyond is refused, while others can be replaced and
     * removed. Immutable.
     *
     * @param countMax subjects with a retained message; beyond so many one of a new subject is refused
     * @param bytesMax memory of all retained messages; beyond so much one that needs more is refused
     */
    public record Retained(
            @Live("for the next retained message; what is there stays") @DefaultValue("1000000")
            long countMax,

            @Live("for the next retained message; what is there stays") @DefaultValue("256MB")
            DataSize bytesMax) {
        public Retained {
            if (countMax < 0) {
                throw refused("robustmq.retained.count-max", Long.toString(countMax), "give it 0 or more");
            }
            if (bytesMax.isNegative()) {
                throw refused("robustmq.retained.bytes-max", bytesMax.toString(), "give it 0 or more");
            }
        }
    }

    /**
     * What is remembered of idempotent producers. Immutable.
     *
     * @param idExpiration a producer that has appended nothing to a partition for so long is forgotten there; Kafka's producer.id.expiration.ms
     */
    public record Producers(@DefaultValue("1d") Duration idExpiration) {
        public Producers {
            if (idExpiration.toMillis() < 1) {
                throw refused(
                        "robustmq.producers.id-expiration",
                        idExpiration.toString(),
                        "give it a millisecond or more: 1ms");
            }
        }
    }

    /**
     * Groups whose members share messages. Immutable.
     *
     * @param groupsMax beyond so many groups a member of a new one is refused
     * @param membersMax beyond so many members of one group the next one is refused
     * @param waitingMax messages in no log that wait for one group; beyond so many they are dropped
     * @param waitingBytesMax the same in bytes
     * @param backlogMax messages that sleeping members find when they come back to their group; the oldest beyond are dropped
     * @param backlogBytesMax the same in bytes
     * @param backlogAgeMax what has waited longer than that for sleeping members is dropped; 0 for no such limit
     */
    public record Windows(
            @DefaultValue("100000") int groupsMax,
            @DefaultValue("10000") int membersMax,
            @DefaultValue("10000") int waitingMax,
            @DefaultValue("64MB") DataSize waitingBytesMax,
            @DefaultValue("100000") int backlogMax,
            @DefaultValue("256MB") DataSize backlogBytesMax,
            @DefaultValue("0") Duration backlogAgeMax) {
        public Windows {
            if (groupsMax < 0) {
                throw refused("robustmq.windows.groups-max", Integer.toString(groupsMax), "give it 0 or more");
            }
            if (membersMax < 1) {
                throw refused("robustmq.windows.members-max", Integer.toString(membersMax), "give it 1 or more");
            }
            if (waitingMax < 0) {
                throw refused("robustmq.windows.waiting-max", Integer.toString(waitingMax), "give it 0 or more");
            }
            if (waitingBytesMax.isNegative()) {
                throw refused("robustmq.windows.waiting-bytes-max", waitingBytesMax.toString(), "give it 0 or more");
            }
            if (backlogMax < 0) {
                throw refused("robustmq.windows.backlog-max", Integer.toString(backlogMax), "give it 0 or more");
            }
            if (backlogBytesMax.isNegative()) {
                throw refused("robustmq.windows.backlog-bytes-max", backlogBytesMax.toString(), "give it 0 or more");
            }
            if (backlogAgeMax.isNegative()) {
                throw refused("robustmq.windows.backlog-age-max", backlogAgeMax.toString(), "give it 0 or more");
            }
        }
    }

    /**
     * What crosses from one protocol to another. Immutable.
     *
     * @param wildcardsAcrossProtocols whether a filter whose first level is a wildcard, such as #, sees subjects of other protocols, too
     */
    public record Visibility(@DefaultValue("false") boolean wildcardsAcrossProtocols) {}

    /**
     * Messages that wait for their time, in the log of this node; one beyond is refused. Immutable.
     *
     * @param countMax how many may wait; each takes about 90 bytes of memory
     * @param bytesMax how many bytes they may have in the log
     */
    public record Delayed(
            @Live("for the next delayed message; what is there stays") @DefaultValue("1000000")
            long countMax,

            @Live("for the next delayed message; what is there stays") @DefaultValue("1GB")
            DataSize bytesMax) {
        public Delayed {
            if (countMax < 0) {
                throw refused("robustmq.delayed.count-max", Long.toString(countMax), "give it 0 or more");
            }
            if (bytesMax.isNegative()) {
                throw refused("robustmq.delayed.bytes-max", bytesMax.toString(), "give it 0 or more");
            }
        }
    }

    /**
     * What compaction in the background may cost. Immutable.
     *
     * @param compactionBytesPerSecond how much compaction reads and writes in a second, of all shards of the node together
     * @param keyMap memory for the keys of one compaction pass; more keys than fit take more passes
     */
    public record Retention(
            @DefaultValue("64MB") DataSize compactionBytesPerSecond,
            @DefaultValue("32MB") DataSize keyMap) {
        public Retention {
            if (compactionBytesPerSecond.toBytes() < 1024) {
                throw refused(
                        "robustmq.retention.compaction-bytes-per-second",
                        compactionBytesPerSecond.toString(),
                        "give it at least 1KB");
            }
            if (keyMap.toBytes() < 64 * 1024) {
                throw refused("robustmq.retention.key-map", keyMap.toString(), "give it at least 64KB");
            }
        }
    }

    /**
     * What holds where no user and no rule says anything. Immutable.
     *
     * @param anonymous whether clients that say no user name are let in: auto is as long as there is no user
     * @param unmatched whether what no rule is about is allowed: auto is as long as there is no user
     * @param sources who else knows users
     * @param flapping clients that come and go too often
     */
    public record Access(
            @Live("at once, also for connections that are there") @DefaultValue("auto")
            Unsaid anonymous,

            @Live("at once, also for connections that are there") @DefaultValue("auto")
            Unsaid unmatched,

            @DefaultValue Sources sources,
            @DefaultValue Flapping flapping) {}

    /**
     * Clients of MQTT that come and go too often, and stay outside for a while. Immutable.
     *
     * @param enabled whether they are watched
     * @param disconnectsMax how often a client id may leave within the window
     * @param addressDisconnectsMax how often clients of one address may; 0 bans no addresses, which many clients may share
     * @param window in which that is counted
     * @param ban how long they stay outside
     */
    public record Flapping(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("15") int disconnectsMax,
            @DefaultValue("0") int addressDisconnectsMax,
            @DefaultValue("1m") Duration window,
            @DefaultValue("5m") Duration ban) {
        public Flapping {
            if (disconnectsMax < 1 || addressDisconnectsMax < 0) {
                throw refused(
                        "robustmq.access.flapping",
                        disconnectsMax + " and " + addressDisconnectsMax + " disconnects",
                        "allow at least one, and 0 or more of an address");
            }
            if (window.toMillis() < 1 || ban.toMillis() < 1) {
                throw refused("robustmq.access.flapping", window + " and " + ban, "use times like 1m and 5m");
            }
        }
    }

    /**
     * Whom to ask whether a user may log in. Immutable.
     *
     * @param order names of the sources as they are asked, users for the cluster's own; unset: jwt, users, then the others
     */
    public record Sources(@DefaultValue List<String> order) {
        public Sources {
            order = List.copyOf(order);
        }
    }

    /** What happens to what nobody has said anything about. */
    public enum Unsaid {
        /** Allowed as long as there is no user. */
        AUTO,
        /** Allowed, whoever there is. */
        ALLOW,
        /** Denied, from the start. */
        DENY
    }

    /** Which messages of a protocol are kept although no topic binds their subject. */
    public enum Capture {
        /** Every message goes to the catch-all topic. */
        ALL,
        /** Only those that the broker acknowledges, QoS 1 and up; others are delivered live. */
        ACKNOWLEDGED,
        /** Only those whose subject a topic binds; others are delivered live. */
        BOUND
    }

    public RobustMqProperties {
        roles = List.copyOf(roles);
        capture = capture == null ? Map.of() : Map.copyOf(capture);
        if (!clusterName.matches("[a-zA-Z0-9._-]{1,64}")) {
            throw refused(
                    "robustmq.cluster-name", clusterName, "use 1 to 64 letters, digits, dots, dashes, underscores");
        }
        if (nodeId < 1) {
            throw refused("robustmq.node-id", Integer.toString(nodeId), "give it a number from 1 on");
        }
        if (bindAddress.isBlank()) {
            throw refused("robustmq.bind-address", bindAddress, "name an address, or leave the key out for 127.0.0.1");
        }
    }

    /** The roles, with every name checked. */
    public Set<Role> roleSet() {
        return Role.parse(roles);
    }

    /** The data directory. Spring's own conversion would look for it on the class path first. */
    public Path dataPath() {
        return Path.of(dataDir).toAbsolutePath().normalize();
    }

    /** The directories of durable topics, one per disk. */
    public List<Path> storagePaths() {
        return storage.directories().isEmpty()
                ? List.of(dataPath().resolve("broker"))
                : storage.directories().stream().map(Storage::path).toList();
    }

    /** Where the inner port listens. */
    public String rpcBindAddress() {
        return rpc.bindAddress() != null ? rpc.bindAddress() : bindAddress;
    }

    /**
     * What other nodes are told to reach the inner port by.
     *
     * @param port the one that it was bound to
     */
    public String rpcAdvertised(int port) {
        String configured =
                rpc.advertised() != null ? rpc.advertised() : meta.addresses().get(nodeId);
        return configured != null ? configured : rpcBindAddress() + ":" + port;
    }

    /** What the protocol keeps: what is configured, else {@code protocolDefault}. */
    public Capture capture(String protocol, Capture protocolDefault) {
        return capture.getOrDefault(protocol.toLowerCase(Locale.ROOT), protocolDefault);
    }

    /** Refuses a port that is none. */
    public static void requirePort(String key, int port) {
        if (port < 0 || port > 65535) {
            throw refused(key, Integer.toString(port), "a port is 0 (any free one) to 65535");
        }
    }

    private static void requireAddress(String key, String address) {
        int colon = address.lastIndexOf(':');
        boolean valid = colon > 0 && address.substring(colon + 1).matches("[0-9]{1,5}");
        if (!valid || Integer.parseInt(address.substring(colon + 1)) > 65535) {
            throw refused(key, address, "write it as host:port");
        }
    }

    /** The refusal of a value, naming key, value and remedy. */
    public static StartRefusedException refused(String key, String value, String remedy) {
        return new StartRefusedException(
                key + " is '" + value + "', which is not possible.", "Change it: " + remedy + ".");
    }
}
