/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import io.robustmq.app.tls.ClientTls;
import io.robustmq.app.version.Version;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code ctl}: what all its subcommands share. Confined to the main thread. */
@Command(
        name = "ctl",
        description = "Administers a RobustMQ cluster through its admin API.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        subcommands = {
            TopicsCommand.class,
            GroupsCommand.class,
            DelayedCommand.class,
            RewriteCommand.class,
            AutoSubscribeCommand.class,
            UsersCommand.class,
            AclsCommand.class,
            BlacklistCommand.class,
            QuotasCommand.class,
            TenantsCommand.class,
            ShardsCommand.class,
            ClusterCommand.class,
            AlarmsCommand.class,
            ConnectionsCommand.class,
            RetainedCommand.class,
            SessionsCommand.class,
            SubscriptionsCommand.class,
            SharedCommand.class,
            AdminsCommand.class,
            TokensCommand.class,
            AuditCommand.class,
            HealthCommand.class,
            InfoCommand.class,
            MetricsCommand.class,
            LoggersCommand.class,
            ThreaddumpCommand.class,
            ConfigCommand.class,
            BackupCommand.class,
            CompletionCommand.class,
            LogCommand.class
        },
        footer = {
            "%nOptions to log in come before the subcommand. Without any, the token of the environment's ROBUSTMQ_TOKEN is used, else the profile.",
            "Profiles are lines of ~/.robustmq/ctl.properties (ROBUSTMQ_CTL_FILE names another file):",
            "  PROFILE.server, PROFILE.user, PROFILE.password-file, PROFILE.token, PROFILE.token-file,",
            "  PROFILE.ca-file, PROFILE.cert, PROFILE.key",
            "%nExit codes: 0 done, 1 the server refused or failed, 2 wrong command line, 3 server not reachable,",
            "4 not logged in, or without the role that it needs."
        })
public final class CtlCommand implements Runnable {
    static final String DEFAULT_SERVER = "127.0.0.1:58080";

    /** How results are printed. */
    enum Format {
        table,
        json
    }

    @Option(
            names = {"-s", "--server"},
            paramLabel = "HOST:PORT",
            scope = ScopeType.INHERIT,
            description = "the admin API of any node (default: that of the profile, else " + DEFAULT_SERVER + ")")
    private @Nullable String server;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            description = "the account to log in with; its password is asked for, or in --password-file")
    private @Nullable String user;

    @Option(names = "--password-file", paramLabel = "FILE", description = "file with the password of --user")
    private @Nullable String passwordFile;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "the token to log in with; others on this machine see it: rather set ROBUSTMQ_TOKEN")
    private @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "file with the token to log in with")
    private @Nullable String tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "PEM of the authorities that may sign the server's certificate (default: those that Java knows)")
    private @Nullable Path caFile;

    @Option(names = "--cert", paramLabel = "FILE", description = "PEM of a certificate to show to the server")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "PEM of its key (default: it is in the file of --cert)")
    private @Nullable Path key;

    @Option(
            names = "--insecure",
            description = "takes any certificate of the server: whoever is in between can read passwords and tokens")
    private boolean insecure;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "which server and login of the file of profiles (default: ROBUSTMQ_PROFILE, else default)")
    private @Nullable String profile;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            scope = ScopeType.INHERIT,
            defaultValue = "table",
            description = "how results are printed (default ${DEFAULT-VALUE})")
    private Format format = Format.table;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    private CommandSpec spec;

    /** The whole command, ready to execute; prints nothing but what it was asked for. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new CtlCommand());
        commandLine.setUsageHelpWidth(120);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof CtlException expected) {
                command.getErr().println("ctl: " + expected.getMessage());
                return expected.exitCode();
            }
            throw failure;
        });
        return commandLine;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand");
    }

    AdminClient client() {
        if (passwordFile != null && user == null) {
            throw new ParameterException(spec.commandLine(), "--password-file needs --user");
        }
        if (token != null && tokenFile != null) {
            throw new ParameterException(spec.commandLine(), "--token or --token-file, not both");
        }
        String given = tokenFile == null ? token : Credentials.read(tokenFile);
        Credentials.Options options = new Credentials.Options(server, user, passwordFile, given, profile);
        Credentials login = Credentials.of(options, System.getenv());
        try {
            ClientTls said = new ClientTls(caFile, certificate, key, insecure);
            ClientTls tls = said.isUsual() ? Credentials.tls(options, System.getenv()) : said;
            return client(login.server() == null ? DEFAULT_SERVER : login.server(), login.authorization(), tls);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private AdminClient client(String server, @Nullable String authorization, ClientTls tls) {
        String address = server.contains("://") ? server : (tls.isUsual() ? "http://" : "https://") + server;
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw wrongServer(server);
        }
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw wrongServer(server);
        }
        if (!tls.isUsual() && "http".equals(uri.getScheme())) {
            throw new ParameterException(spec.commandLine(), "--ca-file, --cert and --insecure are for https");
        }
        int port = uri.getPort() < 0 ? 58080 : uri.getPort();
        return new AdminClient(uri.getScheme(), uri.getHost(), port, authorization, tls);
    }

    private ParameterException wrongServer(String server) {
        return new ParameterException(
                spec.commandLine(), "'" + server + "' is not an address: --server takes HOST:PORT");
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    Format format() {
        return format;
    }

    /** Prints a value as indented JSON. */
    void printJson(Object value) {
        out().println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    }
}
