package io.rookery.router.caps;

import io.rookery.protocol.xml.Element;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Makes the verification string of a disco#info answer (XEP-0115, sections 5.1 and 5.4). */
final class VerificationString {
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String FORMS = "jabber:x:data";
  private static final Set<String> HASHES =
      Set.of("sha-1", "sha-224", "sha-256", "sha-384", "sha-512");

  /** The collation i;octet (RFC 4790, section 9.3). */
  static final Comparator<String> OCTETS = (a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b));

  private VerificationString() {}

  static boolean isKnown(String hash) {
    return HASHES.contains(hash);
  }

  /**
   * Empty when the answer is ill-formed. So it is, too, when a text in it has a {@code <}: that
   * separates the parts of what is hashed, and would let one answer pass for another (section 9.3).
   *
   * @param hash a known one
   */
  static Optional<String> of(Element query, String hash) {
    List<String> parts = new ArrayList<>();
    if (!addIdentities(query, parts) || !addFeatures(query, parts) || !addForms(query, parts)) {
      return Optional.empty();
    }
    if (parts.stream().anyMatch(part -> part.indexOf('<') >= 0)) {
      return Optional.empty();
    }
    StringBuilder all = new StringBuilder();
    parts.forEach(part -> all.append(part).append('<'));
    return Optional.of(Base64.getEncoder().encodeToString(digest(hash, bytes(all.toString()))));
  }

  private static boolean addIdentities(Element query, List<String> parts) {
    List<String> identities = new ArrayList<>();
    for (Element identity : query.children(INFO, "identity")) {
      identities.add(
          String.join(
              "/",
              orEmpty(identity.attribute("category")),
              orEmpty(identity.attribute("type")),
              orEmpty(identity.lang()),
              orEmpty(identity.attribute("name"))));
    }
    return addDistinct(identities, parts);
  }

  private static boolean addFeatures(Element query, List<String> parts) {
    return addDistinct(features(query), parts);
  }

  /** The features in the answer, in its order. */
  static List<String> features(Element query) {
    return query.children(INFO, "feature").stream()
        .map(feature -> orEmpty(feature.attribute("var")))
        .toList();
  }

  private static boolean addDistinct(List<String> texts, List<String> parts) {
    parts.addAll(texts.stream().sorted(OCTETS).toList());
    return new HashSet<>(texts).size() == texts.size();
  }

  private static boolean addForms(Element query, List<String> parts) {
    Map<String, Element> forms = new TreeMap<>(OCTETS);
    for (Element form : query.children(FORMS, "x")) {
      Optional<Element> type = formType(form);
      if (type.isEmpty()) {
        continue; // ignored, section 5.4
      }
      List<String> values = values(type.get());
      if (values.stream().distinct().count() != 1 || forms.put(values.get(0), form) != null) {
        return false;
      }
    }
    forms.forEach((type, form) -> addForm(type, form, parts));
    return true;
  }

  static Optional<Element> formType(Element form) {
    return form.children(FORMS, "field").stream()
        .filter(field -> "FORM_TYPE".equals(field.attribute("var")))
        .filter(field -> "hidden".equals(field.attribute("type")))
        .findFirst();
  }

  private static void addForm(String type, Element form, List<String> parts) {
    parts.add(type);
    form.children(FORMS, "field").stream()
        .filter(field -> !"FORM_TYPE".equals(field.attribute("var")))
        .sorted(Comparator.comparing(field -> orEmpty(field.attribute("var")), OCTETS))
        .forEach(
            field -> {
              parts.add(orEmpty(field.attribute("var")));
              parts.addAll(values(field).stream().sorted(OCTETS).toList());
            });
  }

  private static List<String> values(Element field) {
    return field.children(FORMS, "value").stream().map(Element::text).toList();
  }

  static byte[] digest(String hash, byte[] bytes) {
    try {
      return MessageDigest.getInstance(hash.toUpperCase(Locale.ROOT)).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + hash, e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
