/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A socket whose bytes travel in WebSocket frames, so that every scripted client can speak over it. Frames are as large as
 * they are told to be, whatever one write is. Confined to the test's thread.
 */
final class WebSocketSocket extends Socket {
    private static final int BINARY = 0x2;
    private static final int CONTINUATION = 0x0;
    private static final int FINAL = 0x80;
    private static final byte[] MASK = {9, 8, 7, 6};

    private final int frameBytes;
    private final boolean fragmented;
    private final String response;
    private ByteArrayInputStream frame = new ByteArrayInputStream(new byte[0]);

    /**
     * @param frameBytes payload of each frame but the last of a write
     * @param fragmented whether the frames of a write are one message in fragments
     */
    WebSocketSocket(int port, String subprotocol, int frameBytes, boolean fragmented) throws IOException {
        this.frameBytes = frameBytes;
        this.fragmented = fragmented;
        connect(new InetSocketAddress("127.0.0.1", port));
        setSoTimeout(10_000);
        super.getOutputStream()
                .write(("GET /mqtt HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                + "Sec-WebSocket-Protocol: " + subprotocol + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = super.getInputStream().read();
            if (octet < 0) {
                throw new IOException("the server closed after " + head);
            }
            head.append((char) octet);
        }
        response = head.toString();
    }

    /** What the upgrade was answered with. */
    String response() {
        return response;
    }

    /** The bytes below the frames. */
    OutputStream beneath() throws IOException {
        return super.getOutputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream out = super.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteArrayOutputStream frames = new ByteArrayOutputStream();
                for (int at = 0; at < length; at += frameBytes) {
                    int size = Math.min(frameBytes, length - at);
                    int opcode = fragmented && at > 0 ? CONTINUATION : BINARY;
                    int fin = !fragmented || at + size == length ? FINAL : 0;
                    frame(frames, fin | opcode, bytes, offset + at, size);
                }
                out.write(frames.toByteArray());
            }
        };
    }

    static void frame(ByteArrayOutputStream out, int first, byte[] bytes, int offset, int length) {
        out.write(first);
        if (length < 126) {
            out.write(0x80 | length);
        } else if (length < 65_536) {
            out.write(0x80 | 126);
            out.write(length >> 8);
            out.write(length);
        } else {
            throw new IllegalArgumentException("no frames that large here: " + length);
        }
        out.writeBytes(MASK);
        for (int i = 0; i < length; i++) {
            out.write(bytes[offset + i] ^ MASK[i % 4]);
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        DataInputStream in = new DataInputStream(super.getInputStream());
        return new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                while (frame.available() == 0) {
                    int first = in.read();
                    if (first != (FINAL | BINARY)) {
                        // The end, or a close frame, which comes just before it.
                        return -1;
                    }
                    int size = in.readUnsignedByte();
                    size = size == 126 ? in.readUnsignedShort() : size == 127 ? (int) in.readLong() : size;
                    frame = new ByteArrayInputStream(in.readNBytes(size));
                }
                return frame.read(bytes, offset, length);
            }
        };
    }
}
