package io.rookery.router.displayed;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.Verdict;
import io.rookery.router.pubsub.ServerPublications;
import io.rookery.router.pubsub.ServerPublications.Profile;
import java.util.List;
import java.util.Map;

/**
 * XEP-0490: Message Displayed Synchronization. The node is one like others; what is here is server
 * assist (section 4.5): what a client has displayed comes with a message to the other side, who
 * must not see it. A node that others may see gets nothing.
 */
public final class DisplayedSynchronization implements Extension {
  private static final String NS = "urn:xmpp:mds:displayed:0";
  private static final String ASSIST = "urn:xmpp:mds:server-assist:0";
  private static final String STANZA_IDS = "urn:xmpp:sid:0";

  private final ServerPublications publications;

  public DisplayedSynchronization(ServerPublications publications) {
    this.publications = publications;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(490, "1.0.1", "Message Displayed Synchronization")
        .accountFeature(ASSIST)
        .hook(Flow.FROM_CLIENT, Phase.STAMP, StanzaType.Kind.MESSAGE, NS, "displayed", this::see);
  }

  /** Before anything of the message is kept or copied. */
  private Verdict see(Passage passage) {
    Stanza message = passage.stanza();
    Element displayed = message.payload().element(NS, "displayed");
    Stanza stripped =
        message.withPayload(message.payload().without(child -> child.is(NS, "displayed")));
    boolean says =
        message.to() != null
            && !message.isError()
            && !passage.account().isAnonymous() // nothing is kept for another device
            && displayed.children(STANZA_IDS, "stanza-id").size() == 1;
    return new Verdict(
        stripped,
        null,
        false,
        says ? List.of(publication(passage.account(), message.to(), displayed)) : List.of());
  }

  private Effect publication(AccountView account, Jid chat, Element displayed) {
    return new Effect.InTurn(
        () ->
            publications.publish(
                account, NS, Profile.PRIVATE_LIST, Map.of(chat.toString(), displayed)));
  }
}
