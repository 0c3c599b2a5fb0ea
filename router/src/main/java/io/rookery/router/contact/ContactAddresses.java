package io.rookery.router.contact;

import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig.Contact;
import io.rookery.router.disco.InfoForm;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** XEP-0157: Contact Addresses for XMPP Services, as a form in the server's disco#info. */
public final class ContactAddresses implements Extension {
  private static final String FORM_TYPE = "http://jabber.org/network/serverinfo";

  private final Map<Contact, List<URI>> contacts;

  public ContactAddresses(Map<Contact, List<URI>> contacts) {
    this.contacts = new TreeMap<>(contacts);
  }

  @Override
  public Manifest manifest() {
    Manifest manifest =
        Manifest.of(157, "1.1.1", "Contact Addresses for XMPP Services")
            .also(SupportedXep.complete(128, "1.0.1", "Service Discovery Extensions", ""));
    return contacts.isEmpty() ? manifest : manifest.serverForm(form());
  }

  private Element form() {
    Element form = InfoForm.of(FORM_TYPE);
    for (Map.Entry<Contact, List<URI>> entry : contacts.entrySet()) {
      String name = entry.getKey().name().toLowerCase(Locale.ROOT) + "-addresses";
      form = form.with(InfoForm.multi(name, entry.getValue().stream().map(URI::toString).toList()));
    }
    return form;
  }
}
