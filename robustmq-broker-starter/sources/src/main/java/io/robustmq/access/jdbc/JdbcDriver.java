/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jdbc;

import java.util.Locale;
import java.util.Properties;

/** The databases whose drivers are known by name, and how their drivers want to be told not to wait for ever. Immutable. */
public enum JdbcDriver {
    POSTGRESQL("jdbc:postgresql:", "org.postgresql.Driver", "postgresql.jar", 1_000),
    MYSQL("jdbc:mysql:", "com.mysql.cj.jdbc.Driver", "mysql-connector-j.jar", 1),
    MARIADB("jdbc:mariadb:", "org.mariadb.jdbc.Driver", "mariadb-java-client.jar", 1);

    private final String prefix;
    private final String className;
    private final String file;
    private final int millisPerUnit;

    JdbcDriver(String prefix, String className, String file, int millisPerUnit) {
        this.prefix = prefix;
        this.className = className;
        this.file = file;
        this.millisPerUnit = millisPerUnit;
    }

    /** Fails with IllegalArgumentException for a database of another kind. */
    public static JdbcDriver of(String url) {
        for (JdbcDriver each : values()) {
            if (url.toLowerCase(Locale.ROOT).startsWith(each.prefix)) {
                return each;
            }
        }
        throw new IllegalArgumentException("the URL begins with jdbc:postgresql:, jdbc:mysql: or jdbc:mariadb:");
    }

    public String className() {
        return className;
    }

    /** What it is called beside the node's jar. */
    public String file() {
        return file;
    }

    /** Limits that the URL does not set; the socket's is above that of a query, which the server ends in an orderly way. */
    Properties limits(JdbcConfig config) {
        Properties limits = new Properties();
        put(limits, config, "connectTimeout", config.connectMillisMax());
        put(limits, config, "socketTimeout", config.queryMillisMax() + 1_000);
        return limits;
    }

    private void put(Properties limits, JdbcConfig config, String name, int millis) {
        if (!config.url().contains(name + "=")) {
            limits.setProperty(name, String.valueOf(Math.max(1, (millis + millisPerUnit - 1) / millisPerUnit)));
        }
    }
}
