/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.testing;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.IntStream;

/** PostgreSQL, with the superuser {@code postgres} and the password {@link #PASSWORD}. Confined to the test's thread. */
public final class PostgreSql implements AutoCloseable {
    public static final String PASSWORD = "pg-service-secret";

    private final Program program;
    private final int port = Program.freePort();
    private final Connection connection;

    public PostgreSql() {
        String[] candidates = IntStream.rangeClosed(13, 20)
                .mapToObj(version -> "/usr/lib/postgresql/" + version + "/bin/postgres")
                .toArray(String[]::new);
        String postgres = Program.find("postgresql", candidates);
        program = new Program("postgresql", "postgres");
        try {
            String bin = Path.of(postgres).getParent().toString();
            String data = program.directory().resolve("data").toString();
            String password = program.file("password", PASSWORD).toString();
            program.run(
                    bin + "/initdb",
                    "--pgdata=" + data,
                    "--username=postgres",
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--no-locale",
                    "--no-sync");
            program.serve(
                    port,
                    postgres,
                    "-D",
                    data,
                    "-p",
                    String.valueOf(port),
                    "-h",
                    "127.0.0.1",
                    "-k",
                    "",
                    "-F",
                    "-B",
                    "1024",
                    "-N",
                    "30");
            connection = connect();
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    public int port() {
        return port;
    }

    public static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** It listens before it is ready. */
    private Connection connect() {
        long end = System.nanoTime() + 20_000_000_000L;
        while (true) {
            try {
                return DriverManager.getConnection(url(port), "postgres", PASSWORD);
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(e);
                }
            }
        }
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

    public long number(String sql) {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
