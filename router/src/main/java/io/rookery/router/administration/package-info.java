/** What administrators do by commands (XEP-0133), and what owners of accounts tell for it. */
package io.rookery.router.administration;
