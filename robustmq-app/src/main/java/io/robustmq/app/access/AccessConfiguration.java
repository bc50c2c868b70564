/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.app.access.AdminProperties.Loopback;
import io.robustmq.app.audit.AuditEndpoint;
import io.robustmq.app.audit.AuditFilter;
import io.robustmq.app.audit.AuditLog;
import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.node.BannerLine;
import io.robustmq.node.NodeContext;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Puts the door before the admin API, and who may pass into it. Stateless. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdminProperties.class)
public class AccessConfiguration {
    /** Before Actuator's mapping (-100), which would answer 405 to methods that its operations lack. */
    private static final int BEFORE_ACTUATOR = -201;

    private static final int NAME_MAX = 64;

    private final Passwords passwords = new Passwords();

    @Bean
    Accounts adminAccounts(NodeContext node) {
        return new Accounts(node.clock());
    }

    @Bean
    @SuppressWarnings("PMD.SystemPrintln") // the password is for the console and not for the log
    FirstAdmin firstAdmin(NodeContext node, Accounts accounts, AdminProperties properties) {
        return new FirstAdmin(node, accounts, passwords, properties.passwordFile(), System.out::println);
    }

    @Bean
    ConsoleSessions consoleSessions(Accounts accounts, NodeContext node) {
        return new ConsoleSessions(accounts, node.clock()::nanos);
    }

    @Bean
    LoginCheck loginCheck(
            NodeContext node, Accounts accounts, AdminProperties properties, ConsoleSessions sessions, AuditLog audit) {
        FailedAttempts failed = new FailedAttempts(node.clock()::nanos);
        return new LoginCheck(
                accounts, passwords, failed, properties.loopback(), sessions, login -> audit.append(wrong(login)));
    }

    @Bean
    AdminDoor adminDoor(LoginCheck check, WebEndpointProperties web, AuditLog audit) {
        return new AdminDoor(
                check, new AccessRules(web.getBasePath()), new AuditFilter(audit, AccessConfiguration::who));
    }

    @Bean
    ConsoleLogins consoleLogins(LoginCheck check, Accounts accounts, ConsoleSessions sessions, AuditLog audit) {
        return new ConsoleLogins(check, accounts, sessions, audit);
    }

    /** What the console does, it does through the API, and is written down there. */
    private static Mono<AuditFilter.Who> who(ServerWebExchange exchange) {
        if (AccessRules.isConsole(exchange.getRequest().getPath().pathWithinApplication())) {
            return Mono.empty();
        }
        return ReactiveSecurityContextHolder.getContext()
                .mapNotNull(SecurityContext::getAuthentication)
                .ofType(Login.class)
                .map(login -> new AuditFilter.Who(login.getName(), login.way().key(), login.from()));
    }

    private static AuditLog.Action wrong(Login login) {
        String way = login.way().key();
        String name = login.getName();
        return new AuditLog.Action(
                name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX),
                way,
                login.from(),
                "LOGIN",
                "",
                null,
                Map.of(),
                401);
    }

    @Bean(destroyMethod = "close")
    AuditLog auditLog(NodeContext node) {
        return new AuditLog(node.dataDir(), node.identity().nodeId().value(), node.clock());
    }

    @Bean
    AuditEndpoint auditEndpoint(AuditLog log, ClusterAnswers cluster) {
        return new AuditEndpoint(log, cluster);
    }

    @Bean
    AdminsEndpoint adminsEndpoint(Accounts accounts) {
        return new AdminsEndpoint(accounts);
    }

    @Bean
    TokensEndpoint tokensEndpoint(Accounts accounts, NodeContext node) {
        return new TokensEndpoint(accounts, node.clock());
    }

    @Bean
    RouterFunctionMapping accountRoutes(
            Accounts accounts, NodeContext node, WebEndpointProperties web, ServerCodecConfigurer codecs) {
        RouterFunctionMapping mapping = new RouterFunctionMapping(
                new AccountRoutes(accounts, passwords, node.clock(), web.getBasePath()).routes());
        mapping.setMessageReaders(codecs.getReaders());
        mapping.setOrder(BEFORE_ACTUATOR);
        return mapping;
    }

    @Bean
    BannerLine.Contribution adminAccess(AdminProperties properties) {
        String loopback = properties.loopback() == Loopback.OPEN
                ? "open to every program on this machine, a password or token for others"
                : "with a password or token only";
        return () -> List.of(new BannerLine("admin", loopback));
    }
}
