/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses {@code robustmq.*} keys that nobody understands. From the environment they are only warned of, because others
 * write there: Kubernetes puts {@code ROBUSTMQ_PORT_1883_TCP_ADDR} into every pod beside a service of that name.
 * Immutable.
 */
public final class UnknownKeyCheck {
    private static final Logger LOG = LoggerFactory.getLogger(UnknownKeyCheck.class);
    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(RobustMqProperties.PREFIX);
    private static final List<String> OTHER_PROTOCOLS = List.of("mqtt", "kafka", "nats", "amqp", "mq9", "rocketmq");

    private final KnownKeys known;

    public UnknownKeyCheck(KnownKeys known) {
        this.known = known;
    }

    /** @throws UnknownKeyException names every unknown key of files and arguments */
    public void check(ConfigurableEnvironment environment) {
        TreeSet<String> refused = new TreeSet<>();
        TreeSet<String> warned = new TreeSet<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof SystemEnvironmentPropertySource variables) {
                collectVariables(variables, warned);
            } else if (source instanceof EnumerablePropertySource<?> enumerable) {
                collectKeys(enumerable, refused);
            }
        }
        if (!warned.isEmpty()) {
            LOG.warn("the environment has variables that look like keys of ours and are none: {}", warned);
        }
        if (!refused.isEmpty()) {
            throw refuse(List.copyOf(refused));
        }
    }

    private void collectVariables(SystemEnvironmentPropertySource variables, TreeSet<String> unknown) {
        for (String variable : variables.getPropertyNames()) {
            if (variable.toUpperCase(Locale.ROOT).startsWith("ROBUSTMQ_") && !known.knowsVariable(variable)) {
                unknown.add(variable);
            }
        }
    }

    private void collectKeys(EnumerablePropertySource<?> source, TreeSet<String> unknown) {
        for (String key : source.getPropertyNames()) {
            ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
            if (PREFIX.isAncestorOf(name) && !known.knows(name, isEmpty(source.getProperty(key)))) {
                unknown.add(key + whereIn(source, key));
            }
        }
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null || value.toString().isEmpty();
    }

    private static String whereIn(PropertySource<?> source, String key) {
        Origin origin = OriginLookup.getOrigin(source, key);
        return origin == null ? "" : " (" + origin + ")";
    }

    private UnknownKeyException refuse(List<String> unknown) {
        List<String> remedies = new ArrayList<>();
        for (String entry : unknown) {
            String key = entry.split(" ", 2)[0];
            String absent = absentProtocol(key);
            String nearest = known.nearest(key);
            if (absent != null) {
                remedies.add("this build does not have the protocol " + absent);
            } else if (nearest != null) {
                remedies.add((unknown.size() > 1 ? "for " + key + ", " : "") + "did you mean " + nearest + "?");
            }
        }
        String what = "Nobody understands the key " + String.join(", nor ", unknown) + ".";
        String remedy = String.join("; ", remedies);
        return new UnknownKeyException(
                what,
                remedy.isEmpty()
                        ? "Take it out of the configuration; every key is listed in docs/configuration.md."
                        : Character.toUpperCase(remedy.charAt(0))
                                + remedy.substring(1)
                                + (remedy.endsWith("?") ? "" : "."));
    }

    private @Nullable String absentProtocol(String key) {
        String[] elements = key.split("\\.");
        String protocol = elements.length > 1 ? Objects.requireNonNull(elements[1]) : "";
        boolean here = known.names().stream().anyMatch(name -> name.startsWith("robustmq." + protocol + "."));
        return OTHER_PROTOCOLS.contains(protocol) && !here ? protocol : null;
    }
}
