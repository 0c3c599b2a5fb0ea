package io.rookery.router.sasl;

import java.util.regex.Pattern;

/**
 * The first message of a SCRAM client (RFC 5802, section 7), e.g. {@code n,,n=user,r=nonce}.
 *
 * @param gs2Header as sent, with the comma at its end
 * @param flag {@code n}, {@code y} or {@code p}
 * @param bindingType the channel binding's name with flag {@code p}, otherwise null
 * @param authzid empty when not given
 * @param bare the message without the header, as sent
 */
record ClientFirst(
    String gs2Header,
    char flag,
    String bindingType,
    String authzid,
    String bare,
    String username,
    String nonce) {

  private static final Pattern BINDING = Pattern.compile("p=[A-Za-z0-9.-]+");

  static ClientFirst parse(String message) throws Refusal {
    int flagEnd = message.indexOf(',');
    int headerEnd = message.indexOf(',', flagEnd + 1);
    if (flagEnd < 0 || headerEnd < 0) {
      throw Refusal.malformed("no GS2 header");
    }
    String flag = message.substring(0, flagEnd);
    boolean binds = BINDING.matcher(flag).matches();
    if (!binds && !flag.equals("n") && !flag.equals("y")) {
      throw Refusal.malformed("no GS2 channel binding flag");
    }
    String authzid = message.substring(flagEnd + 1, headerEnd);
    ScramAttributes attributes = new ScramAttributes(message.substring(headerEnd + 1));
    return new ClientFirst(
        message.substring(0, headerEnd + 1),
        flag.charAt(0),
        binds ? flag.substring(2) : null,
        authzid.isEmpty() ? "" : name(new ScramAttributes(authzid).next('a')),
        attributes.text(),
        name(attributes.next('n')),
        nonce(attributes.next('r')));
  }

  private static String name(String escaped) throws Refusal {
    String rest = escaped.replace("=2C", "").replace("=3D", "");
    if (escaped.isEmpty() || rest.indexOf('=') >= 0 || rest.indexOf('\0') >= 0) {
      throw Refusal.malformed("not a name");
    }
    return escaped.replace("=2C", ",").replace("=3D", "=");
  }

  private static String nonce(String value) throws Refusal {
    if (value.isEmpty() || !value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw Refusal.malformed("not a nonce");
    }
    return value;
  }
}
