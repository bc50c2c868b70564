/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.node.BannerLine;
import io.robustmq.node.NodeContext;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.file.FileEngine;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;

/** Puts the admin API beside Actuator's own endpoints. Stateless. */
@Configuration(proxyBeanMethods = false)
public class AdminConfiguration {
    /** Before Actuator's mapping (-100), which would answer 405 to methods that its operations lack. */
    private static final int BEFORE_ACTUATOR = -200;

    /** The port may have been chosen by the system. */
    @Bean
    BannerLine.Contribution adminPort(Environment environment) {
        return () -> {
            String port = environment.getProperty("local.server.port");
            return port == null
                    ? List.of()
                    : List.of(new BannerLine(
                            "admin", "http " + environment.getProperty("server.address", "*") + ":" + port));
        };
    }

    @Bean
    ProblemHandler problemHandler() {
        return new ProblemHandler();
    }

    @Bean
    TopicsEndpoint topicsEndpoint(NodeContext node) {
        return new TopicsEndpoint(new Ports(node));
    }

    @Bean
    GroupsEndpoint groupsEndpoint(NodeContext node) {
        return new GroupsEndpoint(new Ports(node));
    }

    @Bean
    DelayedEndpoint delayedEndpoint(NodeContext node) {
        return new DelayedEndpoint(new Ports(node));
    }

    @Bean
    RewriteEndpoint rewriteEndpoint(NodeContext node) {
        return new RewriteEndpoint(new Ports(node));
    }

    @Bean
    AutoSubscribeEndpoint autoSubscribeEndpoint(NodeContext node) {
        return new AutoSubscribeEndpoint(new Ports(node));
    }

    @Bean
    UsersEndpoint usersEndpoint(NodeContext node) {
        return new UsersEndpoint(new Ports(node));
    }

    @Bean
    AclsEndpoint aclsEndpoint(NodeContext node) {
        return new AclsEndpoint(new Ports(node));
    }

    @Bean
    BlacklistEndpoint blacklistEndpoint(NodeContext node) {
        return new BlacklistEndpoint(new Ports(node));
    }

    @Bean
    QuotasEndpoint quotasEndpoint(NodeContext node) {
        return new QuotasEndpoint(new Ports(node));
    }

    @Bean
    TenantsEndpoint tenantsEndpoint(NodeContext node) {
        return new TenantsEndpoint(new Ports(node));
    }

    @Bean
    ShardsEndpoint shardsEndpoint(
            NodeContext node,
            ClusterAnswers cluster,
            ObjectProvider<FileEngine> files,
            ObjectProvider<ShardEngine> engines) {
        return new ShardsEndpoint(
                new Ports(node),
                cluster,
                files::getIfAvailable,
                () -> engines.orderedStream().toList());
    }

    @Bean
    ConnectionsEndpoint connectionsEndpoint(NodeContext node, ClusterAnswers cluster) {
        return new ConnectionsEndpoint(new Ports(node), cluster);
    }

    @Bean
    SessionsEndpoint sessionsEndpoint(NodeContext node, ClusterAnswers cluster) {
        return new SessionsEndpoint(new Ports(node), cluster);
    }

    @Bean
    SubscriptionsEndpoint subscriptionsEndpoint(NodeContext node, ClusterAnswers cluster) {
        return new SubscriptionsEndpoint(new Ports(node), cluster);
    }

    @Bean
    SharedEndpoint sharedEndpoint(NodeContext node) {
        return new SharedEndpoint(new Ports(node));
    }

    @Bean
    RetainedEndpoint retainedEndpoint(NodeContext node) {
        return new RetainedEndpoint(new Ports(node));
    }

    @Bean
    ClusterEndpoint clusterEndpoint(NodeContext node) {
        return new ClusterEndpoint(new Ports(node));
    }

    @Bean
    RouterFunctionMapping topicRoutes(NodeContext node, WebEndpointProperties web, ServerCodecConfigurer codecs) {
        RouterFunctionMapping mapping = new RouterFunctionMapping(new TopicRoutes(new Ports(node), web.getBasePath())
                .routes()
                .and(new GroupRoutes(new Ports(node), web.getBasePath()).routes())
                .and(new RuleRoutes(new Ports(node), web.getBasePath()).routes())
                .and(new QuotaRoutes(new Ports(node), web.getBasePath()).routes())
                .and(new UserRoutes(new Ports(node), web.getBasePath()).routes()));
        mapping.setMessageReaders(codecs.getReaders());
        mapping.setOrder(BEFORE_ACTUATOR);
        return mapping;
    }
}
