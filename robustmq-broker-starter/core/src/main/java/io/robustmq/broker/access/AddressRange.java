/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.netty.util.NetUtil;
import io.robustmq.kernel.RmqError;
import org.jspecify.annotations.Nullable;

/** An address or a network in CIDR notation, of IPv4 or IPv6. Immutable. */
final class AddressRange {
    private final byte[] network;
    private final int bits;

    private AddressRange(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /** Fails with INVALID_CONFIG. */
    static AddressRange of(String text) {
        int slash = text.indexOf('/');
        byte[] network = bytes(slash < 0 ? text : text.substring(0, slash));
        if (network == null) {
            throw RmqError.INVALID_CONFIG.exception("'" + text + "' is no address, and no network like 10.0.0.0/8");
        }
        int bits = network.length * 8;
        if (slash >= 0) {
            try {
                bits = Integer.parseInt(text.substring(slash + 1));
            } catch (NumberFormatException e) {
                bits = -1;
            }
            if (bits < 0 || bits > network.length * 8) {
                throw RmqError.INVALID_CONFIG.exception("'" + text + "' has no length of a network after the slash");
            }
        }
        return new AddressRange(network, bits);
    }

    /** Null when the text is no address; one of IPv4 in the clothes of IPv6 is that of IPv4. */
    private static byte @Nullable [] bytes(String address) {
        int zone = address.indexOf('%');
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(zone < 0 ? address : address.substring(0, zone));
        if (bytes == null || bytes.length == 4) {
            return bytes;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return bytes;
            }
        }
        boolean mapped = bytes[10] == -1 && bytes[11] == -1;
        return mapped ? new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]} : bytes;
    }

    boolean contains(String address) {
        byte[] bytes = bytes(address);
        if (bytes == null || bytes.length != network.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if (((bytes[i >> 3] ^ network[i >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
