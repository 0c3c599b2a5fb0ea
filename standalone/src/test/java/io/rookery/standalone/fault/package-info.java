/**
 * Exactly-once accounting under fire: clients that count every message, a cluster of real
 * processes, and faults that are injected into it while they talk. {@code FaultsTest} is the short
 * run, {@code bench/faults} the long one; docs/RELIABILITY.md says what the figures mean.
 */
package io.rookery.standalone.fault;
