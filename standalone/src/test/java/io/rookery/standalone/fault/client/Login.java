package io.rookery.standalone.fault.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rookery.standalone.conversation.Element;
import java.util.Base64;
import java.util.Optional;

/**
 * What a connection goes through before stanzas flow: registration when the account is new
 * (XEP-0077), SASL PLAIN inside TLS, then resumption of the last session, or, without one or when
 * that fails, a resource and stream management with resumption (XEP-0198, sections 3 and 5).
 */
final class Login {
  static final String SM = "urn:xmpp:sm:3";
  private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
  private static final String STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";
  private static final String STREAMS = "http://etherx.jabber.org/streams";

  private final Account account;
  private final String resource;
  private final Wire wire;
  private final Outcome outcome;
  private Optional<Resume> resume;
  private Step step;

  /** The session to go on with, and the number of its stanzas the client has handled. */
  record Resume(String id, long handled) {}

  /** How a login goes; the last call is {@code resumed}, {@code enabled} or {@code refused}. */
  interface Outcome {
    void registered();

    void resumed(long h);

    /**
     * A new session follows.
     *
     * @param element what the server said; its {@code h}, if any, is how much it had handled
     */
    void resumptionFailed(Element element);

    /**
     * @param id of the session when it can be resumed
     */
    void enabled(Optional<String> id);

    void refused(String why);
  }

  private enum Step {
    REGISTER,
    AUTHENTICATE,
    SUCCESS,
    FEATURES,
    RESUMED,
    BOUND,
    ENABLED,
    OVER
  }

  Login(
      Account account,
      boolean known,
      String resource,
      Optional<Resume> resume,
      Wire wire,
      Outcome outcome) {
    this.account = account;
    this.resource = resource;
    this.resume = resume;
    this.wire = wire;
    this.outcome = outcome;
    this.step = known ? Step.AUTHENTICATE : Step.REGISTER;
  }

  void begin() {
    wire.send(
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0' to='"
            + account.domain()
            + "' xmlns:stream='http://etherx.jabber.org/streams'>");
  }

  boolean isOver() {
    return step == Step.OVER;
  }

  void element(Element element) {
    if (element.is("error", STREAMS)) {
      refuse(element);
      return;
    }
    switch (step) {
      case REGISTER -> register(element);
      case AUTHENTICATE -> authenticate();
      case SUCCESS -> success(element);
      case FEATURES -> features(element);
      case RESUMED -> resumed(element);
      case BOUND -> bound(element);
      case ENABLED -> enabled(element);
      case OVER -> throw new IllegalStateException("login is over");
    }
  }

  private void register(Element element) {
    if (element.is("features", STREAMS)) {
      wire.send(
          "<iq type='set' id='register'><query xmlns='jabber:iq:register'><username>"
              + account.localpart()
              + "</username><password>"
              + account.password()
              + "</password></query></iq>");
      return;
    }
    // An earlier try whose answer was lost leaves a conflict; a wrong password shows next.
    boolean conflict =
        element.child("error").flatMap(e -> e.child("conflict", STANZAS)).isPresent();
    if ("result".equals(element.attribute("type")) || conflict) {
      outcome.registered();
      authenticate();
    } else {
      refuse(element);
    }
  }

  private void authenticate() {
    String plain = "\0" + account.localpart() + "\0" + account.password();
    wire.send(
        "<auth xmlns='"
            + SASL
            + "' mechanism='PLAIN'>"
            + Base64.getEncoder().encodeToString(plain.getBytes(UTF_8))
            + "</auth>");
    step = Step.SUCCESS;
  }

  private void success(Element element) {
    if (!element.is("success", SASL)) {
      refuse(element);
      return;
    }
    wire.restart();
    begin();
    step = Step.FEATURES;
  }

  private void features(Element element) {
    if (element.child("sm", SM).isEmpty()) {
      refuse(element);
    } else if (resume.isPresent()) {
      wire.send(
          "<resume xmlns='%s' previd='%s' h='%d'/>"
              .formatted(SM, escaped(resume.get().id()), resume.get().handled()));
      step = Step.RESUMED;
    } else {
      bind();
    }
  }

  private void resumed(Element element) {
    if (element.is("resumed", SM)) {
      step = Step.OVER;
      outcome.resumed(Long.parseLong(element.attribute("h")));
    } else if (element.is("failed", SM)) {
      resume = Optional.empty();
      outcome.resumptionFailed(element);
      bind();
    } else {
      refuse(element);
    }
  }

  private void bind() {
    wire.send(
        "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>"
            + resource
            + "</resource></bind></iq>");
    step = Step.BOUND;
  }

  private void bound(Element element) {
    if (element.localName().equals("iq") && "result".equals(element.attribute("type"))) {
      wire.send("<enable xmlns='" + SM + "' resume='true'/>");
      step = Step.ENABLED;
    } else {
      refuse(element);
    }
  }

  private void enabled(Element element) {
    if (!element.is("enabled", SM)) {
      refuse(element);
      return;
    }
    step = Step.OVER;
    String resumable = String.valueOf(element.attribute("resume"));
    outcome.enabled(
        resumable.equals("true") || resumable.equals("1")
            ? Optional.ofNullable(element.attribute("id"))
            : Optional.empty());
  }

  private void refuse(Element element) {
    step = Step.OVER;
    outcome.refused(element.toString());
  }

  private static String escaped(String value) {
    return value.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
  }
}
