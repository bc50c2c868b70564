/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.config;

import io.robustmq.node.StartRefusedException;
import io.robustmq.node.config.KnownKeys;
import io.robustmq.node.config.UnknownKeyCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

/** Reads a file as a node would that starts with it, without starting one. Stateless. */
public final class ConfigCheck {
    private ConfigCheck() {}

    /** What is wrong with the file; empty for nothing. */
    public static List<String> problems(Path file) {
        List<String> problems = new ArrayList<>();
        StandardEnvironment environment = new StandardEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        sources.remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        sources.remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        try {
            PropertySourceLoader loader = file.toString().endsWith(".properties")
                    ? new PropertiesPropertySourceLoader()
                    : new YamlPropertySourceLoader();
            for (PropertySource<?> source : loader.load(file.toString(), new FileSystemResource(file))) {
                sources.addLast(source);
            }
        } catch (IOException | RuntimeException e) {
            return List.of("it cannot be read: " + e.getMessage());
        }
        try {
            new UnknownKeyCheck(KnownKeys.load(ConfigCheck.class.getClassLoader())).check(environment);
        } catch (StartRefusedException e) {
            problems.add(e.getMessage() + " " + e.action());
        }
        // Variables are those of this process: the node may have others.
        Binder binder = new Binder(
                ConfigurationPropertySources.from(sources),
                new PropertySourcesPlaceholdersResolver(new StandardEnvironment()));
        for (Class<?> record : EffectiveConfig.records()) {
            ConfigurationProperties annotation = record.getAnnotation(ConfigurationProperties.class);
            String prefix = annotation.value().isEmpty() ? annotation.prefix() : annotation.value();
            try {
                binder.bindOrCreate(prefix, record);
            } catch (BindException e) {
                problems.add(EffectiveConfig.reason(e));
            }
        }
        return problems;
    }
}
