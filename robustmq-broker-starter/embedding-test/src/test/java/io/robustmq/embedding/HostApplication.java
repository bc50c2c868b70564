/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.embedding;

import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Somebody's application, with an HTTP port and a gRPC server of its own, that has a broker inside. Stateless. */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
class HostApplication {
    static final MethodDescriptor<StringValue, StringValue> GREET = MethodDescriptor.newBuilder(
                    ProtoUtils.marshaller(StringValue.getDefaultInstance()),
                    ProtoUtils.marshaller(StringValue.getDefaultInstance()))
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("host.Greeter/Greet")
            .build();

    @GetMapping("/greeting")
    String greeting() {
        return "hello from the host";
    }

    @Bean
    BindableService greeter() {
        return () -> ServerServiceDefinition.builder("host.Greeter")
                .addMethod(GREET, ServerCalls.asyncUnaryCall((name, answer) -> {
                    answer.onNext(StringValue.of("hello " + name.getValue()));
                    answer.onCompleted();
                }))
                .build();
    }
}
