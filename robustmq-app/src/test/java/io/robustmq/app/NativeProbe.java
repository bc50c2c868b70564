/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import com.github.luben.zstd.Zstd;
import io.netty.channel.epoll.Epoll;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Factory;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.xerial.snappy.Snappy;

/**
 * A program that needs each native library of the jar, and of Bouncy Castle what is left, and writes so into a file, one line each: run by {@link ReleaseJarIT} with nothing but
 * the jar and itself on the class path. Stateless.
 */
final class NativeProbe {
    private static final byte[] VALUE = "one value, ".repeat(100).getBytes(StandardCharsets.UTF_8);

    private NativeProbe() {}

    public static void main(String[] args) throws Exception {
        StringBuilder said = new StringBuilder();
        said.append("zstd ").append(same(Zstd.decompress(Zstd.compress(VALUE), VALUE.length)));
        said.append("\nsnappy ").append(same(Snappy.uncompress(Snappy.compress(VALUE))));
        LZ4Factory lz4 = LZ4Factory.nativeInstance();
        byte[] packed = lz4.fastCompressor().compress(VALUE);
        said.append("\nlz4 ").append(same(lz4.safeDecompressor().decompress(packed, VALUE.length)));
        said.append("\nrocksdb ").append(same(throughRocksDb(Path.of(args[0]))));
        Epoll.ensureAvailability();
        said.append("\nepoll true");
        said.append("\nargon2 ").append(argon2().length == 32);
        char[] password = "password".toCharArray();
        String bcrypt = OpenBSDBCrypt.generate(password, new byte[16], 4);
        said.append("\nbcrypt ").append(OpenBSDBCrypt.checkPassword(bcrypt, password));
        said.append("\npbkdf2 ").append(pbkdf2().length == 64);
        Files.writeString(Path.of(args[1]), said.append('\n'));
    }

    private static byte[] argon2() {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withSalt(new byte[16])
                .withMemoryAsKB(64)
                .withIterations(1)
                .build());
        byte[] hash = new byte[32];
        generator.generateBytes(VALUE, hash);
        return hash;
    }

    private static byte[] pbkdf2() {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA512Digest());
        generator.init(VALUE, new byte[16], 10);
        return ((KeyParameter) generator.generateDerivedMacParameters(512)).getKey();
    }

    private static boolean same(byte[] value) {
        return Arrays.equals(value, VALUE);
    }

    private static byte[] throughRocksDb(Path directory) throws Exception {
        try (Options options =
                        new Options().setCreateIfMissing(true).setCompressionType(CompressionType.LZ4_COMPRESSION);
                RocksDB db = RocksDB.open(options, directory.toString())) {
            db.put(VALUE, VALUE);
            return db.get(VALUE);
        }
    }
}
