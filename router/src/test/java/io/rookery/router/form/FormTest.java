package io.rookery.router.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0004: what is asked for, and what is taken for an answer. */
class FormTest {
  private static final String TYPE = "<field var='FORM_TYPE'><value>urn:test</value></field>";
  private static final String USER = "<field var='user'><value>a@b.example</value></field>";
  private static final Form FORM =
      new Form(
          "urn:test",
          "Title",
          "Do it",
          List.of(
              Field.required("user", Field.Kind.JID, "User"),
              Field.optional("flag", Field.Kind.BOOLEAN, "Flag"),
              new Field("lines", Field.Kind.LINES, "Lines", false, 2)));

  private static Submission read(String fields) {
    return FORM.read(Element.parse("<x xmlns='jabber:x:data' type='submit'>" + fields + "</x>"));
  }

  @Test
  void theFormSaysWhatItWants() {
    Element form = FORM.element();
    assertEquals("form", form.attribute("type"));
    List<Element> fields = form.children(Form.NS, "field");
    assertEquals("urn:test", fields.get(0).child(Form.NS, "value").text());
    assertEquals("hidden", fields.get(0).attribute("type"));
    assertEquals("jid-single", fields.get(1).attribute("type"));
    assertTrue(fields.get(1).child(Form.NS, "required") != null);
    assertNull(fields.get(2).child(Form.NS, "required"));
  }

  @Test
  void valuesAreReadInTheirPreparedForm() {
    Submission read =
        read(
            TYPE
                + "<field var='user' type='jid-single'><value> A@B.example </value></field>"
                + "<field var='flag'><value>1</value></field>"
                + "<field var='lines'><value>one</value><value/></field>"
                + "<field var='unknown'><value>x</value></field>");
    assertEquals(Jid.parse("a@b.example"), read.jid("user"));
    assertTrue(read.flag("flag"));
    assertEquals(List.of("one", ""), read.all("lines"));
    assertEquals(List.of(), read.all("unknown"));
    Submission least = read(TYPE + USER);
    assertFalse(least.flag("flag"));
    assertNull(least.one("lines"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        TYPE,
        USER,
        TYPE + "<field var='user'/>",
        TYPE + "<field var='user'><value/></field>",
        TYPE + "<field var='user'><value>a@b@c</value></field>",
        TYPE + "<field var='user'><value>a@b</value><value>c@d</value></field>",
        TYPE + "<field var='user' type='text-single'><value>a@b</value></field>",
        TYPE + USER + USER,
        TYPE + USER + "<field><value>x</value></field>",
        TYPE + USER + "<field var='flag'><value>yes</value></field>",
        TYPE + USER + "<field var='lines'><value/><value/><value/></field>",
        "<field var='FORM_TYPE'><value>urn:other</value></field>" + USER,
        "<field var='FORM_TYPE'><value>urn:test</value><value>urn:other</value></field>" + USER,
      })
  void whatIsNoAnswerIsNotRead(String fields) {
    assertNull(read(fields));
  }

  @Test
  void hostileFormsAreNotRead() {
    assertNull(FORM.read(null));
    assertNull(FORM.read(Element.parse("<x xmlns='jabber:x:data'/>")));
    assertNull(FORM.read(Element.parse("<x xmlns='jabber:x:data' type='result'/>")));
    StringBuilder many = new StringBuilder(TYPE + USER);
    for (int i = 0; i < 100; i++) {
      many.append("<field var='f").append(i).append("'/>");
    }
    assertNull(read(many.toString()));
    String large = "x".repeat(1024);
    assertNull(read(TYPE + USER + "<field var='lines'><value>" + large + "</value></field>"));
  }

  @Test
  void resultsHaveTheirTypeAndValues() {
    Element result = Form.result("urn:test", List.of(Form.Value.line("n", "5")));
    assertEquals(
        Element.parse(
            "<x xmlns='jabber:x:data' type='result'>"
                + "<field var='FORM_TYPE' type='hidden'><value>urn:test</value></field>"
                + "<field var='n' type='text-single'><value>5</value></field></x>"),
        result);
  }
}
