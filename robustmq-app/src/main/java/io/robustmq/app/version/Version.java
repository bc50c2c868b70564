/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.version;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar, as its manifest says. Stateless. */
public final class Version implements IVersionProvider {

    /** {@code development} when the classes do not come from the jar. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"RobustMQ " + current() + " on Java " + Runtime.version()};
    }
}
