/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** MariaDB, with the user {@code robustmq} and the password {@link #PASSWORD}. Confined to the test's thread. */
public final class MariaDb implements AutoCloseable {
    public static final String PASSWORD = "maria-service-secret";

    private final Program program;
    private final int port = Program.freePort();
    private final Connection connection;

    public MariaDb() {
        String mariadb = Program.find("mariadb-server-core", "/usr/sbin/mariadbd");
        String install = Program.find("mariadb-server-core", "/usr/bin/mariadb-install-db");
        Program.find("mariadb-client-core", "/usr/bin/my_print_defaults");
        program = new Program("mariadb", "nobody");
        try {
            String data = "--datadir=" + program.directory().resolve("data");
            program.run(
                    install,
                    "--no-defaults",
                    data,
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    "--skip-name-resolve",
                    "--innodb-flush-log-at-trx-commit=0");
            program.serve(
                    port,
                    mariadb,
                    "--no-defaults",
                    data,
                    "--port=" + port,
                    "--bind-address=127.0.0.1",
                    "--socket=" + program.directory().resolve("socket"),
                    "--pid-file=" + program.directory().resolve("pid"),
                    "--innodb-flush-log-at-trx-commit=0");
            connection = DriverManager.getConnection(url(port, "mysql"), "root", "");
            run("create database mqtt character set utf8mb4");
            run("create user 'robustmq'@'127.0.0.1' identified by '" + PASSWORD + "'");
            run("grant select on mqtt.* to 'robustmq'@'127.0.0.1'");
            connection.setCatalog("mqtt");
        } catch (SQLException e) {
            program.close();
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    public int port() {
        return port;
    }

    public static String url(int port, String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database;
    }

    public void run(String sql, String... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
