package io.rookery.router.extension;

import io.rookery.protocol.stanza.Stanza;

/**
 * A stanza on its way through an account.
 *
 * @param session the client that sent it in {@link Flow#FROM_CLIENT}, otherwise null
 */
public record Passage(Stanza stanza, AccountView account, SessionView session) {}
