/** Users who want to be found, and the search for them (XEP-0055). */
package io.rookery.router.directory;
