/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.util.List;

/** The keys that tokens may be signed with. Thread-safe. */
interface TokenKeys {

    /**
     * Those that a token with this header may be signed with; empty when it names another one. May wait.
     *
     * @throws IOException when no key is known, because whoever knows them does not answer
     */
    List<JWK> of(JWSHeader header) throws IOException;
}
