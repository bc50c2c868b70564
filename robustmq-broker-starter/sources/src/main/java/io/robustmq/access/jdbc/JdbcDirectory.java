/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.robustmq.access.lookup.Found;
import io.robustmq.access.lookup.Placeholder;
import io.robustmq.access.lookup.RuleReader;
import io.robustmq.access.lookup.UserDirectory;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.ClientIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Users in tables. Thread-safe: connections come from a pool, which opens its first when it is first asked. */
public final class JdbcDirectory implements UserDirectory {
    public static final String NAME = "jdbc";
    private static final int POOL_WAIT_MILLIS_MIN = 250;
    private static final int IDLE_MILLIS_MAX = 60_000;
    private static final int CONNECTION_AGE_MILLIS_MAX = 30 * 60_000;
    private static final Pattern SECRET_IN_URL = Pattern.compile("(?i)password\\s*=|//[^/@]*:[^/@]*@");

    private final JdbcConfig config;
    private final NamedQuery query;
    private final @Nullable NamedQuery aclQuery;
    /** Databases that compare without case find others' rows; rules are about names with theirs. */
    private final boolean namesMustBeTold;

    private final HikariDataSource pool;

    /** Fails with IllegalArgumentException for a configuration that cannot work, whatever the database says. */
    public JdbcDirectory(JdbcConfig config) {
        this.config = config;
        if (SECRET_IN_URL.matcher(config.url()).find()) {
            throw new IllegalArgumentException("the password is not part of the URL, which is shown to administrators");
        }
        query = NamedQuery.of("the query", config.query());
        aclQuery = config.aclQuery() == null ? null : NamedQuery.of("the query of rules", config.aclQuery());
        JdbcDriver driver = JdbcDriver.of(config.url());
        namesMustBeTold = driver != JdbcDriver.POSTGRESQL && query.parameters().contains(Placeholder.USER);
        pool = new HikariDataSource();
        pool.setPoolName("robustmq-" + NAME);
        pool.setJdbcUrl(config.url());
        pool.setUsername(config.user());
        pool.setDriverClassName(driver.className());
        pool.setDataSourceProperties(driver.limits(config));
        pool.setMaximumPoolSize(config.connectionsMax());
        pool.setMinimumIdle(0);
        pool.setIdleTimeout(IDLE_MILLIS_MAX);
        pool.setMaxLifetime(CONNECTION_AGE_MILLIS_MAX);
        pool.setConnectionTimeout(Math.max(POOL_WAIT_MILLIS_MIN, config.connectMillisMax()));
        pool.setValidationTimeout(Math.max(POOL_WAIT_MILLIS_MIN, config.connectMillisMax()));
        // A database that is down when the node starts is one that is down later.
        pool.setInitializationFailTimeout(-1);
        pool.setReadOnly(true);
    }

    private Connection connection() throws SQLException {
        String password = config.password().text();
        if (!password.equals(pool.getPassword())) {
            pool.setPassword(password);
        }
        return pool.getConnection();
    }

    private PreparedStatement prepared(Connection connection, NamedQuery named, ClientIdentity client)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(named.sql());
        try {
            statement.setQueryTimeout(Math.max(1, (config.queryMillisMax() + 999) / 1_000));
            named.bind(statement, client);
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    @Override
    public @Nullable Found find(ClientIdentity client) throws SQLException {
        try (Connection connection = connection();
                PreparedStatement statement = prepared(connection, query, client);
                ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                return null;
            }
            Columns columns = new Columns(rows);
            String hash = columns.text("password_hash", "password");
            if (hash == null && !columns.has("password_hash", "password")) {
                throw new SQLException("the query has no column password_hash");
            }
            String salt = columns.text("salt", "salt");
            String name = columns.text("username", "user_name");
            if (name == null && namesMustBeTold) {
                throw new SQLException(
                        "the query has no column username, which this database needs: it finds Ann for ann");
            }
            if (name != null && !name.equals(client.userName())) {
                return null;
            }
            boolean superuser = RuleReader.truth("is_superuser", columns.text("is_superuser", "superuser"));
            if (rows.next()) {
                throw new SQLException("the query has found more than one user");
            }
            // Who has no password cannot log in with one.
            return new Found(hash == null ? "" : hash, salt == null ? "" : salt, superuser);
        }
    }

    @Override
    public List<AccessRule> rules(ClientIdentity client) throws SQLException {
        NamedQuery named = aclQuery;
        if (named == null) {
            return List.of();
        }
        try (Connection connection = connection();
                PreparedStatement statement = prepared(connection, named, client)) {
            statement.setMaxRows(RuleReader.RULES_MAX + 1);
            try (ResultSet rows = statement.executeQuery()) {
                Columns columns = new Columns(rows);
                RuleReader rules = new RuleReader(NAME);
                while (rows.next()) {
                    rules.add(
                            columns.text("permission", "effect"),
                            columns.needed("action", "action"),
                            columns.text("resource", "resource"),
                            columns.needed("topic", "filter"),
                            columns.text("qos", "qos"),
                            columns.text("retain", "retain"));
                }
                return rules.rules();
            }
        }
    }

    @Override
    public Set<Placeholder> findsBy() {
        return Set.copyOf(query.parameters());
    }

    @Override
    public Set<Placeholder> uses() {
        Set<Placeholder> used = EnumSet.copyOf(query.parameters());
        if (aclQuery != null) {
            used.addAll(aclQuery.parameters());
        }
        return used;
    }

    @Override
    public void close() {
        pool.close();
    }

    /** The columns of an answer by name, whatever their case. Confined to one answer. */
    private static final class Columns {
        private final ResultSet rows;
        private final ResultSetMetaData names;

        Columns(ResultSet rows) throws SQLException {
            this.rows = rows;
            this.names = rows.getMetaData();
        }

        private int index(String name, String otherName) throws SQLException {
            for (int i = 1; i <= names.getColumnCount(); i++) {
                String label = names.getColumnLabel(i).toLowerCase(Locale.ROOT);
                if (label.equals(name) || label.equals(otherName)) {
                    return i;
                }
            }
            return 0;
        }

        boolean has(String name, String otherName) throws SQLException {
            return index(name, otherName) > 0;
        }

        @Nullable
        String text(String name, String otherName) throws SQLException {
            int index = index(name, otherName);
            return index == 0 ? null : rows.getString(index);
        }

        String needed(String name, String otherName) throws SQLException {
            String text = text(name, otherName);
            if (text == null) {
                throw new SQLException("a row of the query of rules has no " + name);
            }
            return text;
        }
    }
}
