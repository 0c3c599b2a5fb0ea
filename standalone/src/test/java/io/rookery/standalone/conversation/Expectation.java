package io.rookery.standalone.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What a received element must look like; whatever is not asked for may be anything. */
final class Expectation {
  private static final String STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";

  private record Condition(String description, Predicate<Element> test) {}

  private final List<Condition> conditions = new ArrayList<>();

  static Expectation of(String localName, Consumer<Expectation> details) {
    Expectation expectation =
        new Expectation().that("<" + localName + "/>", e -> e.localName().equals(localName));
    details.accept(expectation);
    return expectation;
  }

  Expectation from(Object address) {
    return attribute("from", address.toString());
  }

  Expectation to(Object address) {
    return attribute("to", address.toString());
  }

  Expectation id(String id) {
    return attribute("id", id);
  }

  /** The type attribute; null for none. */
  Expectation type(String type) {
    return attribute("type", type);
  }

  Expectation attribute(String name, String value) {
    return that(name + "='" + value + "'", e -> Objects.equals(value, e.attribute(name)));
  }

  Expectation body(String body) {
    return childText("body", body);
  }

  /** A child in the stanza's own namespace with exactly this text. */
  Expectation childText(String name, String text) {
    return that(
        "<" + name + ">" + text + "</" + name + ">",
        e -> e.child(name).map(Element::text).filter(text::equals).isPresent());
  }

  Expectation has(String name, String namespace) {
    return has(name, namespace, c -> {});
  }

  /** At least one child of this name that looks as described. */
  Expectation has(String name, String namespace, Consumer<Expectation> details) {
    Expectation child = of(name, details);
    return that(
        "a child " + child + " of " + namespace,
        e -> e.children(name, namespace).stream().anyMatch(child::matches));
  }

  Expectation hasNot(String name, String namespace) {
    return that("no <" + name + "/>", e -> e.child(name, namespace).isEmpty());
  }

  Expectation text(String text) {
    return that("text " + text, e -> e.text().equals(text));
  }

  /** An error stanza with this defined condition, of its usual type or any other. */
  Expectation error(String condition) {
    return type("error")
        .that(
            "error " + condition,
            e -> e.child("error").flatMap(x -> x.child(condition, STANZA_ERRORS)).isPresent());
  }

  Expectation that(String description, Predicate<Element> test) {
    conditions.add(new Condition(description, test));
    return this;
  }

  boolean matches(Element element) {
    return conditions.stream().allMatch(c -> c.test().test(element));
  }

  @Override
  public String toString() {
    return String.join(", ", conditions.stream().map(Condition::description).toList());
  }
}
