/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.autoconfigure;

import java.util.Locale;
import org.rocksdb.RocksDB;
import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;

/**
 * What the start of a node waits for, begun on Boot's thread for such things: the native code of RocksDB, which is unpacked from the jar,
 * and the locales, which Spring looks through. Stateless.
 */
final class EarlyLoading implements BackgroundPreinitializer {

    /** What fails here fails again, and is told, where it is needed. */
    @Override
    public void preinitialize() {
        RocksDB.loadLibrary();
        Locale.getAvailableLocales();
    }
}
