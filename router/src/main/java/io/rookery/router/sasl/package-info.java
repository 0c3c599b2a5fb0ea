/**
 * SASL, server side (RFC 4422, RFC 6120 section 6), as pure decisions: bytes of the client in, the
 * next {@link io.rookery.router.sasl.SaslStep} out. No I/O; who runs the exchange looks up accounts
 * and finds a worker thread for what is slow.
 */
package io.rookery.router.sasl;
