/** Tokens that clients log in with instead of a password (XEP-0484). */
package io.rookery.storage.token;
