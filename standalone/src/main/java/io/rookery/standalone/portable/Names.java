package io.rookery.standalone.portable;

/** Namespaces in files of XEP-0227. */
final class Names {
  static final String PIE = "urn:xmpp:pie:0";
  static final String SCRAM = PIE + "#scram";
  static final String ARCHIVE = PIE + "#mam";
  static final String XINCLUDE = "http://www.w3.org/2001/XInclude";
  static final String MAM = "urn:xmpp:mam:2";
  static final String FORWARD = "urn:xmpp:forward:0";
  static final String DELAY = "urn:xmpp:delay";
  static final String STANZA_IDS = "urn:xmpp:sid:0";
  static final String BLOCKING = "urn:xmpp:blocking";
  static final String PRIVATE = "jabber:iq:private";
  static final String PRIVACY = "jabber:iq:privacy";
  static final String VCARD = "vcard-temp";
  static final String PUBSUB = "http://jabber.org/protocol/pubsub";
  static final String PUBSUB_OWNER = PUBSUB + "#owner";

  private Names() {}
}
