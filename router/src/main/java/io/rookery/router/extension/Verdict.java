package io.rookery.router.extension;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import java.util.List;

/**
 * What a hook decides about a stanza.
 *
 * @param stanza what goes on instead, or null for the stanza as it is
 * @param refusal the stanza stops here with this error to its sender, or null
 * @param dropped the stanza stops here without a word
 */
public record Verdict(Stanza stanza, StanzaError refusal, boolean dropped, List<Effect> effects) {
  /** The stanza goes on as it is. */
  public static final Verdict PASS = new Verdict(null, null, false, List.of());

  public static final Verdict DROP = new Verdict(null, null, true, List.of());

  public static Verdict change(Stanza stanza) {
    return new Verdict(stanza, null, false, List.of());
  }

  public static Verdict refuse(StanzaError.Condition condition) {
    return refuse(StanzaError.of(condition));
  }

  public static Verdict refuse(StanzaError error) {
    return new Verdict(null, error, false, List.of());
  }

  /** The stanza goes on as it is, and this is done too. */
  public static Verdict also(Effect... effects) {
    return new Verdict(null, null, false, List.of(effects));
  }

  public boolean stops() {
    return dropped || refusal != null;
  }
}
