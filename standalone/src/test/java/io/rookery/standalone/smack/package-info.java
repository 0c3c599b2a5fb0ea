/** A second opinion: the same services, judged by a client library that others wrote. */
package io.rookery.standalone.smack;
