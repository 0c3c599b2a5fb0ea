package io.rookery.storage.token;

import java.time.Instant;

/**
 * A client that has logged in to an account (XEP-0494).
 *
 * @param client id of its user agent
 * @param software its name, null when it gave none
 * @param device what it runs on, null when it gave none
 * @param lastSeen when it logged in last, about
 * @param password it has logged in with the account's present password
 */
public record KnownClient(
    String client,
    String software,
    String device,
    Instant firstSeen,
    Instant lastSeen,
    boolean password) {}
