/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.robustmq.app.version.Version;
import io.robustmq.node.NodeContext;
import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.Tracing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** OpenTelemetry's SDK, put together by hand: no environment variable changes what the keys say. Thread-safe. */
final class NodeTracing implements AutoCloseable {
    /** The SDK's own words go past the node's log; what it says of lost spans is said by the queue. Held, or it would be forgotten. */
    private static final Logger SDK = Logger.getLogger("io.opentelemetry");

    private final NodeContext node;
    private final SdkTracerProvider provider;

    private NodeTracing(NodeContext node, SdkTracerProvider provider) {
        this.node = node;
        this.provider = provider;
    }

    static NodeTracing open(NodeContext node, TracingProperties properties, TracingCounters counters) {
        SDK.setLevel(Level.OFF);
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(properties.endpoint())
                .setCompression("gzip");
        String tokenFile = properties.tokenFile();
        if (tokenFile != null) {
            exporter.addHeader("Authorization", "Bearer " + token(tokenFile));
        }
        SpanQueue queue = new SpanQueue(
                exporter.build(),
                counters,
                properties.queueMax(),
                properties.interval().toMillis());
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.create(resource(node)))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(properties.sampling())))
                .addSpanProcessor(queue)
                .build();
        queue.start();
        node.put(
                Tracing.class,
                new OtelTracing(provider.get("io.robustmq", Version.current()), node.clock(), properties.start()));
        return new NodeTracing(node, provider);
    }

    private static Attributes resource(NodeContext node) {
        return Attributes.builder()
                .put("service.name", "robustmq")
                .put("service.namespace", node.identity().clusterName())
                .put(
                        "service.instance.id",
                        Integer.toString(node.identity().nodeId().value()))
                .put("service.version", Version.current())
                .build();
    }

    private static String token(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new StartRefusedException(
                    "robustmq.tracing.token-file names " + file + ", which cannot be read.",
                    "Put the collector's token into it, or leave the key out.",
                    e);
        }
    }

    @Override
    public void close() {
        node.remove(Tracing.class);
        provider.shutdown();
    }
}
