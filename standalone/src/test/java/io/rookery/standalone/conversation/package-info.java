/**
 * Conversations between XMPP clients and a real service over real sockets. A test reads as a
 * script: {@code romeo.sends(...)}, {@code juliet.receives("message", m ->
 * m.from(romeo).body("hi"))}, {@code juliet.receivesNothing()}. The clients are made from the JDK
 * alone, so that no code of the service judges itself; a failure prints all that every client sent
 * and received.
 */
package io.rookery.standalone.conversation;
