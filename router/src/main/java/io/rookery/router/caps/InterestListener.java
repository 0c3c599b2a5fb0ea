package io.rookery.router.caps;

import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.SessionView;
import java.util.List;
import java.util.Set;

/** Learns that an available client wants notifications that it did not get before. */
@FunctionalInterface
public interface InterestListener {

  /** What is to be done for it. */
  List<Effect> interested(AccountView account, SessionView session, Set<String> nodes);
}
