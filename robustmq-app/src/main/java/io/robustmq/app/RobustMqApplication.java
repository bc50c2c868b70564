/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import io.robustmq.app.access.AccessConfiguration;
import io.robustmq.app.admin.AdminConfiguration;
import io.robustmq.app.alarm.AlarmConfiguration;
import io.robustmq.app.bench.BenchCommand;
import io.robustmq.app.cluster.ClusterConfiguration;
import io.robustmq.app.config.ConfigConfiguration;
import io.robustmq.app.console.ConsoleConfiguration;
import io.robustmq.app.ctl.CtlCommand;
import io.robustmq.app.metrics.MetricsConfiguration;
import io.robustmq.app.openapi.OpenApiConfiguration;
import io.robustmq.app.tracing.TracingConfiguration;
import java.io.PrintWriter;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Import;
import picocli.CommandLine;

/**
 * Entry point of the one jar: {@code ctl} and {@code bench} are tools that never load a Spring class, anything else is a
 * node. Immutable.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@AutoConfigured(
        excludeName = {
            // Endpoints that are not offered, and what serves applications: reading and refusing each costs a start
            // milliseconds.
            "org.springframework.boot.actuate.autoconfigure.audit.AuditAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.audit.AuditEventsEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.beans.BeansEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.condition.ConditionsReportEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.context.ShutdownEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.context.properties.ConfigurationPropertiesReportEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.endpoint.jackson.Jackson2EndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.logging.LogFileWebEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.management.HeapDumpWebEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.sbom.SbomEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.scheduling.ScheduledTasksEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.startup.StartupEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.web.exchanges.HttpExchangesEndpointAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.web.mappings.MappingsEndpointAutoConfiguration",
            "org.springframework.boot.autoconfigure.admin.SpringApplicationAdminJmxAutoConfiguration",
            "org.springframework.boot.autoconfigure.aop.AopAutoConfiguration",
            "org.springframework.boot.autoconfigure.context.MessageSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration",
            "org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration",
            "org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration",
            "org.springframework.boot.health.autoconfigure.application.DiskSpaceHealthContributorAutoConfiguration",
            "org.springframework.boot.health.autoconfigure.application.SslHealthContributorAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAspectsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.logging.log4j2.Log4J2MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.task.TaskExecutorMetricsAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration",
            "org.springframework.boot.webflux.autoconfigure.ReactiveMultipartAutoConfiguration",
            "org.springframework.boot.webflux.autoconfigure.actuate.web.exchanges.WebFluxHttpExchangesAutoConfiguration",
            "org.springframework.boot.webflux.autoconfigure.actuate.web.mappings.WebFluxMappingsAutoConfiguration"
        })
// By name and not by a scan, which would read the whole jar's directory at each start.
@Import({
    AccessConfiguration.class,
    AdminConfiguration.class,
    AlarmConfiguration.class,
    ClusterConfiguration.class,
    ConfigConfiguration.class,
    ConsoleConfiguration.class,
    MetricsConfiguration.class,
    OpenApiConfiguration.class,
    TracingConfiguration.class
})
public class RobustMqApplication {

    public static void main(String[] args) {
        String first = args.length == 0 ? "" : args[0];
        switch (first) {
            case "ctl" -> exit(CtlCommand.commandLine(), args);
            case "bench" -> exit(BenchCommand.commandLine(), args);
            case "-h", "--help", "help" -> exit(ServerCommand.commandLine(), "--help");
            case "-V", "--version" -> exit(ServerCommand.commandLine(), "--version");
            // Loaded when this line runs and not before, so that the tools do not pay for it.
            default -> SpringApplication.run(RobustMqApplication.class, args);
        }
    }

    private static void exit(CommandLine command, String[] args) {
        exit(command.execute(Arrays.copyOfRange(args, 1, args.length)), command);
    }

    private static void exit(CommandLine command, String option) {
        exit(command.execute(option), command);
    }

    private static void exit(int code, CommandLine command) {
        PrintWriter out = command.getOut();
        out.flush();
        System.exit(code);
    }
}
