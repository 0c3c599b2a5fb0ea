package io.rookery.storage.pubsub;

import io.rookery.protocol.jid.Jid;

/**
 * An item without its payload.
 *
 * @param position as in {@link StoredItem}
 * @param bytes length of the payload
 */
public record ItemEntry(String id, long position, Jid publisher, int bytes) {}
