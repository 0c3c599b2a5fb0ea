/** Invitations to the service and to the rosters of its users (XEP-0401, XEP-0379). */
package io.rookery.storage.invitation;
