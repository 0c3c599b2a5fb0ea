/** The users who want to be found (XEP-0055). */
package io.rookery.storage.directory;
