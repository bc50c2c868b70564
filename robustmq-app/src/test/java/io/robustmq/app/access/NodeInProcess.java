/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.app.RobustMqApplication;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole node in the process of the test, its admin port open on every address of the machine, and a client that sends
 * exactly the headers that it is told. Confined to the test's thread.
 */
public final class NodeInProcess implements AutoCloseable {
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConfigurableApplicationContext context;
    private final ByteArrayOutputStream console;
    private final PrintStream before;
    private final int port;

    private NodeInProcess(
            ConfigurableApplicationContext context, ByteArrayOutputStream console, PrintStream before, int port) {
        this.context = context;
        this.console = console;
        this.before = before;
        this.port = port;
    }

    public static NodeInProcess start(Path data, Map<String, String> keys) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "server.port", "0",
                "server.address", "0.0.0.0",
                "robustmq.data-dir", data.toString(),
                "robustmq.storage.wal-file-bytes", "1MB",
                "robustmq.storage.checkpoint-bytes", "4MB",
                "robustmq.rpc.port", "0",
                "robustmq.mqtt.tcp.port", "0",
                "robustmq.mqtt.websocket.port", "0",
                "robustmq.kafka.tcp.port", "0"));
        all.putAll(keys);
        PrintStream before = System.out;
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        System.setOut(new PrintStream(console, true, StandardCharsets.UTF_8));
        try {
            ConfigurableApplicationContext context = SpringApplication.run(
                    RobustMqApplication.class,
                    all.entrySet().stream()
                            .map(each -> "--" + each.getKey() + "=" + each.getValue())
                            .toArray(String[]::new));
            int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            return new NodeInProcess(context, console, before, port);
        } catch (RuntimeException e) {
            System.setOut(before);
            before.print(console.toString(StandardCharsets.UTF_8));
            throw e;
        }
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public int port() {
        return port;
    }

    /** All that the node has written so far. */
    public String console() {
        return console.toString(StandardCharsets.UTF_8);
    }

    /** Waits until the console holds the text. */
    public String awaitConsole(String text) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!console().contains(text)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(text + " is not on the console:\n" + console());
            }
            Thread.onSpinWait();
        }
        return console();
    }

    /** An answer: its status, its headers in one text, its body. */
    public record Answer(int status, String head, String body) {
        public JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }
    }

    /** Sends from the loopback. */
    public Answer local(String method, String path, @Nullable String body, String... headers) {
        return send(InetAddress.getLoopbackAddress(), method, path, body, headers);
    }

    /** Sends a form from the loopback. */
    public Answer form(String path, String form, String... headers) {
        List<String> more = new ArrayList<>(List.of(headers));
        more.add(FORM);
        return local("POST", path, form, more.toArray(String[]::new));
    }

    /** Sends a form as browsers do, from an address that is not the loopback. */
    public Answer remoteForm(String path, String form, String... headers) {
        List<String> more = new ArrayList<>(List.of(headers));
        more.add(FORM);
        return remote("POST", path, form, more.toArray(String[]::new));
    }

    /** Sends from an address of this machine that is not the loopback; without any, as a proxy on the loopback. */
    public Answer remote(String method, String path, @Nullable String body, String... headers) {
        InetAddress address = outside();
        if (address != null) {
            return send(address, method, path, body, headers);
        }
        List<String> more = new ArrayList<>(List.of(headers));
        more.add("X-Forwarded-For: 192.0.2.1");
        return send(InetAddress.getLoopbackAddress(), method, path, body, more.toArray(String[]::new));
    }

    private static @Nullable InetAddress outside() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .flatMap(each -> Collections.list(each.getInetAddresses()).stream())
                    .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    public static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair);
    }

    public static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private Answer send(InetAddress address, String method, String path, @Nullable String body, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.0\r\n");
        boolean host = false;
        for (String header : headers) {
            host |= header.startsWith("Host:");
            request.append(header).append("\r\n");
        }
        if (!host) {
            request.append("Host: ").append(address.getHostAddress()).append("\r\n");
        }
        byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        if (body != null) {
            request.append(List.of(headers).contains(FORM) ? "" : "Content-Type: application/json\r\n")
                    .append("Content-Length: ")
                    .append(bytes.length)
                    .append("\r\n");
        }
        request.append("\r\n");
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(address, port));
            OutputStream out = socket.getOutputStream();
            out.write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            out.write(bytes);
            out.flush();
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = all.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new AssertionError("no answer to " + method + " " + path + ": " + all);
            }
            return new Answer(Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }

    @Override
    public void close() {
        context.close();
        System.setOut(before);
    }
}
