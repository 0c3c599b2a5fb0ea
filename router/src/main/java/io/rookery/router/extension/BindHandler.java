package io.rookery.router.extension;

import io.rookery.protocol.xml.Element;
import java.util.List;

/**
 * Does what a client asks for in the request that binds its session (XEP-0386, section 3.2). Not
 * asynchronous: nothing has been sent to the session before, and nothing is until this is done.
 */
public interface BindHandler {

  /**
   * @param session the new one
   * @param request what the client sent
   */
  Answer bound(SessionView session, Element request);

  /**
   * @param response goes into {@code bound}; null when the protocol defines none
   * @param effects performed in the same tick, before anything else is done for the account
   */
  record Answer(Element response, List<Effect> effects) {
    public Answer {
      effects = List.copyOf(effects);
    }

    /** For a feature that is just there from now on. */
    public static Answer of(Effect... effects) {
      return new Answer(null, List.of(effects));
    }
  }
}
