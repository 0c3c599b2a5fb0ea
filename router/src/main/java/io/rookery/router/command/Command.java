package io.rookery.router.command;

import io.rookery.protocol.jid.Jid;
import java.util.function.Predicate;

/**
 * A command of the server's (XEP-0050).
 *
 * @param node identifies it
 * @param name for people
 * @param allowed by bare address, who may execute it; others do not even see it
 * @param start what is done first; it gets no answers
 */
public record Command(String node, String name, Predicate<Jid> allowed, Step start) {}
