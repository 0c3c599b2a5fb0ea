package io.rookery.standalone.conversation;

import java.net.InetSocketAddress;

/**
 * Where one connector listens.
 *
 * @param starttls the port for STARTTLS (5222 in the field)
 * @param directTls the port for direct TLS (5223 in the field)
 */
public record Endpoint(InetSocketAddress starttls, InetSocketAddress directTls) {}
