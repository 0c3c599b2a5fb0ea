/**
 * Light clients with stream management (XEP-0198) that behave as a good client does when its
 * connection drops, and a ledger of every message they send, get acknowledged and receive. They
 * share no code with the service.
 */
package io.rookery.standalone.fault.client;
