/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.app.access.AdminProperties.Loopback;
import io.robustmq.node.BannerLine;
import io.robustmq.node.NodeContext;
import java.util.List;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;

/** Puts the door before the admin API, and who may pass into it. Stateless. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdminProperties.class)
class AccessConfiguration {
    /** Before Actuator's mapping (-100), which would answer 405 to methods that its operations lack. */
    private static final int BEFORE_ACTUATOR = -201;

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
    AdminDoor adminDoor(NodeContext node, Accounts accounts, AdminProperties properties, WebEndpointProperties web) {
        FailedAttempts failed = new FailedAttempts(node.clock()::nanos);
        return new AdminDoor(
                new LoginCheck(accounts, passwords, failed, properties.loopback()), new AccessRules(web.getBasePath()));
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
