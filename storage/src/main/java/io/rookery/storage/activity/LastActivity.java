package io.rookery.storage.activity;

import java.time.Instant;

/**
 * @param at when the user's last session ended
 * @param status the text of its last unavailable presence, empty when there was none
 */
public record LastActivity(Instant at, String status) {}
