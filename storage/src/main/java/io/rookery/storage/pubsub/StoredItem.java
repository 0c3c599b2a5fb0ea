package io.rookery.storage.pubsub;

import io.rookery.protocol.jid.Jid;

/**
 * An item of a node.
 *
 * @param position in the order of publication, grows within a node
 * @param publisher bare address
 * @param payload one element as XML, which declares its namespace; empty for an item without
 */
public record StoredItem(String id, long position, Jid publisher, byte[] payload) {}
