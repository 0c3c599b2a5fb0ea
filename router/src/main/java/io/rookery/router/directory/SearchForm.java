package io.rookery.router.directory;

import io.rookery.protocol.xml.Element;
import io.rookery.router.form.Field;
import io.rookery.router.form.Form;
import io.rookery.router.form.Submission;
import io.rookery.storage.directory.DirectoryEntry;
import io.rookery.storage.directory.DirectoryField;
import io.rookery.storage.directory.SearchTerm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How searches are asked for and answered (XEP-0055, sections 2.1 and 3): by forms and without. */
final class SearchForm {
  static final String NS = "jabber:iq:search";

  private static final int MAX_TEXT = 1023;
  private static final String INSTRUCTIONS =
      "Fill in one or more fields. With "
          + SearchTerm.PREFIX
          + " or more characters, what begins with them is found, but for e-mail addresses."
          + " Only users who want to be found are.";

  /** In the order in which they are shown; without forms there are no others (section 3). */
  private static final Map<DirectoryField, String> LEGACY = legacy();

  /** What is not registered begins with x- (XEP-0068, section 3.2). */
  private static final String USER = "x-user";

  private static final Form FORM =
      new Form(
          NS, "User Directory Search", INSTRUCTIONS, fields(Field.Kind.LINE, USER, "User Name"));

  private SearchForm() {}

  private static Map<DirectoryField, String> legacy() {
    Map<DirectoryField, String> names = new LinkedHashMap<>();
    names.put(DirectoryField.FIRST, "Given Name");
    names.put(DirectoryField.LAST, "Family Name");
    names.put(DirectoryField.NICK, "Nickname");
    names.put(DirectoryField.EMAIL, "Email Address");
    return names;
  }

  private static List<Field> fields(Field.Kind kind, String var, String label) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.optional(var, kind, label));
    LEGACY.forEach((field, name) -> fields.add(Field.optional(field.key(), Field.Kind.LINE, name)));
    return fields;
  }

  /** What can be searched for. */
  static Element blank() {
    return Element.of(NS, "query")
        .with(Element.of(NS, "instructions", INSTRUCTIONS))
        .with(LEGACY.keySet().stream().map(field -> Element.of(NS, field.key())).toList())
        .with(FORM.element());
  }

  /** Whether a search is asked for by a form, and is to be answered by one. */
  static boolean isForm(Element query) {
    return query.child(Form.NS, "x") != null;
  }

  /** What is searched for, nothing when no field is filled in; null when it makes no sense. */
  static List<SearchTerm> read(Element query) {
    Map<DirectoryField, String> values =
        isForm(query) ? submitted(query.child(Form.NS, "x")) : plain(query);
    if (values == null) {
      return null;
    }
    List<SearchTerm> terms = new ArrayList<>();
    values.forEach(
        (field, value) -> {
          String key = SearchTerm.key(value);
          if (!key.isEmpty()) {
            terms.add(new SearchTerm(field, key));
          }
        });
    return terms;
  }

  private static Map<DirectoryField, String> submitted(Element x) {
    Submission submission = "submit".equals(x.attribute("type")) ? FORM.read(x) : null;
    if (submission == null) {
      return null;
    }
    Map<DirectoryField, String> values = new LinkedHashMap<>();
    for (DirectoryField field : DirectoryField.values()) {
      String value = submission.one(field == DirectoryField.USER ? USER : field.key());
      if (value != null) {
        values.put(field, value);
      }
    }
    return values;
  }

  private static Map<DirectoryField, String> plain(Element query) {
    Map<DirectoryField, String> values = new LinkedHashMap<>();
    for (DirectoryField field : LEGACY.keySet()) {
      List<Element> all = query.children(NS, field.key());
      if (all.size() > 1 || all.size() == 1 && all.get(0).text().length() > MAX_TEXT) {
        return null;
      }
      all.forEach(one -> values.put(field, one.text()));
    }
    return values;
  }

  /** Who was found. Nobody is an empty query, by forms, too. */
  static Element found(List<DirectoryEntry> entries, boolean isForm) {
    Element query = Element.of(NS, "query");
    if (entries.isEmpty()) {
      return query;
    }
    return isForm
        ? query.with(
            Form.table(
                NS,
                fields(Field.Kind.JID, "jid", "Jabber ID"),
                entries.stream().map(SearchForm::row).toList()))
        : query.with(entries.stream().map(SearchForm::item).toList());
  }

  private static List<Form.Value> row(DirectoryEntry entry) {
    List<Form.Value> values = new ArrayList<>();
    values.add(new Form.Value("jid", Field.Kind.JID, List.of(entry.owner().toString())));
    LEGACY.keySet().forEach(field -> values.add(Form.Value.line(field.key(), entry.first(field))));
    return values;
  }

  private static Element item(DirectoryEntry entry) {
    return Element.of(NS, "item")
        .attribute("jid", entry.owner().toString())
        .with(
            LEGACY.keySet().stream()
                .map(field -> Element.of(NS, field.key(), entry.first(field)))
                .toList());
  }
}
