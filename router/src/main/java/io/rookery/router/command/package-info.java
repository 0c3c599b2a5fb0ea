/** Ad-hoc commands (XEP-0050): the protocol, and what a command is made of. */
package io.rookery.router.command;
