/**
 * Invitations (XEP-0401): made by commands, used to register (XEP-0445) and to subscribe
 * (XEP-0379).
 */
package io.rookery.router.invitation;
