/**
 * The XML of XMPP (RFC 6120, section 11): an incremental reader that checks everything and copies
 * next to nothing, an immutable tree for what is looked into, and a writer.
 */
package io.rookery.protocol.xml;
