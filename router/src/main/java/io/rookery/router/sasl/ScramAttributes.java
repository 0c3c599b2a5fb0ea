package io.rookery.router.sasl;

/** Reads the attributes of a SCRAM message in their fixed order (RFC 5802, section 5.1). */
final class ScramAttributes {
  private final String text;
  private int position;

  ScramAttributes(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** The value of the next attribute, which has to have this name. */
  String next(char name) throws Refusal {
    if (!text.startsWith(name + "=", position)) {
      throw Refusal.malformed("attribute " + name + " expected");
    }
    int comma = text.indexOf(',', position);
    int end = comma < 0 ? text.length() : comma;
    String value = text.substring(position + 2, end);
    position = Math.min(end + 1, text.length());
    return value;
  }
}
