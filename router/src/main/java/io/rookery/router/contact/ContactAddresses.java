package io.rookery.router.contact;

import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig.Contact;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** XEP-0157: Contact Addresses for XMPP Services, as a form in the server's disco#info. */
public final class ContactAddresses implements Extension {
  private static final String FORMS = "jabber:x:data";
  private static final String FORM_TYPE = "http://jabber.org/network/serverinfo";

  private final Map<Contact, List<URI>> contacts;

  public ContactAddresses(Map<Contact, List<URI>> contacts) {
    this.contacts = new TreeMap<>(contacts);
  }

  @Override
  public Manifest manifest() {
    Manifest manifest = Manifest.of(157, "1.1.1", "Contact Addresses for XMPP Services");
    return contacts.isEmpty() ? manifest : manifest.serverForm(form());
  }

  private Element form() {
    Element form =
        Element.of(FORMS, "x")
            .attribute("type", "result")
            .with(
                Element.of(FORMS, "field")
                    .attribute("var", "FORM_TYPE")
                    .attribute("type", "hidden")
                    .with(Element.of(FORMS, "value", FORM_TYPE)));
    for (Map.Entry<Contact, List<URI>> entry : contacts.entrySet()) {
      Element field =
          Element.of(FORMS, "field")
              .attribute("var", entry.getKey().name().toLowerCase(Locale.ROOT) + "-addresses")
              .attribute("type", "list-multi");
      for (URI address : entry.getValue()) {
        field = field.with(Element.of(FORMS, "value", address.toString()));
      }
      form = form.with(field);
    }
    return form;
  }
}
