/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jwt;

import io.robustmq.access.SourceLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token has to say. Immutable.
 *
 * @param inUserName whether it stands in the place of the user name instead of the password
 * @param algorithms those that are taken; empty for all that fit the keys
 * @param clockSkew how far the clock of whoever signs may be off
 * @param issuer null for any
 * @param audience one of these; empty for any
 * @param requiredClaims claims and their values, {@code %u} and {@code %c} allowed
 * @param requireExpiry whether tokens without an end are refused
 * @param userClaim who the client is; null for the name that it says
 * @param superuserClaim null for none
 * @param aclClaim null for none
 * @param tenantClaim null for none
 */
public record JwtOptions(
        boolean inUserName,
        Set<String> algorithms,
        Duration clockSkew,
        @Nullable String issuer,
        List<String> audience,
        Map<String, String> requiredClaims,
        boolean requireExpiry,
        @Nullable String userClaim,
        @Nullable String superuserClaim,
        @Nullable String aclClaim,
        @Nullable String tenantClaim,
        SourceLimits limits) {}
