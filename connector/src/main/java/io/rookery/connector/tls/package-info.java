/** Certificates, TLS engines and channel bindings of the streams this node terminates. */
package io.rookery.connector.tls;
