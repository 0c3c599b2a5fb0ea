package io.rookery.standalone.config;

import io.rookery.connector.Cidr;
import io.rookery.connector.ConnectorConfig.Listener;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.router.RouterConfig.ExternalService;
import io.rookery.router.RouterConfig.ExternalService.Type;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types of values there are in the configuration. */
final class KeyTypes {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15}) ?(B|KiB|MiB|GiB)?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12}) ?(ms|s|m|h|d)");
  private static final Pattern LISTENER_FORM =
      Pattern.compile("(starttls|direct)(\\+proxy)?://(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]/]+):(\\d+)");
  private static final Pattern EXTERNAL_FORM =
      Pattern.compile(
          "(stun|stuns|turn|turns):(\\[[0-9A-Fa-f:.]+]|[\\w.-]+)(?::(\\d{1,5}))?"
              + "(?:\\?transport=(udp|tcp))?");
  private static final Pattern ENDPOINT_FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]/\\s]+):(\\d+)");

  static final KeyType<String> TEXT = text("text", text -> text.isEmpty() ? null : text);

  /** As text, but never shown. */
  static final KeyType<String> SECRET = text("text", text -> text.isEmpty() ? null : text);

  static final KeyType<Path> PATH = text("a file path", text -> path(text));
  static final KeyType<Boolean> BOOLEAN =
      text("true or false", text -> Map.of("true", true, "false", false).get(text));
  static final KeyType<String> HOST =
      text("an IP address or a host name", text -> text.matches("[\\w.:%-]+") ? text : null);
  static final KeyType<String> DOMAIN = text("a domain name", KeyTypes::domain);
  static final KeyType<Jid> ACCOUNT =
      text("an account's address, `user@domain`", KeyTypes::account);
  static final KeyType<InetSocketAddress> ENDPOINT = text("`host:port`", KeyTypes::endpoint);
  static final KeyType<Cidr> CIDR = text("an address block such as `10.0.0.0/8`", Cidr::parse);
  static final KeyType<URI> CONTACT =
      text(
          "a URI with a scheme such as `mailto:` or `xmpp:`",
          text -> Optional.of(URI.create(text)).filter(URI::isAbsolute).orElse(null));
  static final KeyType<URI> WEB =
      text(
          "a URI such as `https://…`",
          text ->
              Optional.of(URI.create(text))
                  .filter(uri -> Set.of("https", "http").contains(String.valueOf(uri.getScheme())))
                  .filter(uri -> uri.getHost() != null)
                  .orElse(null));
  static final KeyType<ExternalService> EXTERNAL =
      text(
          "`stun:host:port` or `turn:host:port`, with `?transport=tcp` for TCP, or `turns:` for TLS",
          KeyTypes::external);
  static final KeyType<Listener> LISTENER =
      text(
          "`starttls://address:port` or `direct://address:port`, with `+proxy` after the first word"
              + " for the PROXY protocol",
          KeyTypes::listener);

  private KeyTypes() {}

  /** Text of a form, which {@code allowed} shows. */
  static KeyType<String> form(String pattern) {
    return text("text of the form `" + pattern + "`", text -> text.matches(pattern) ? text : null);
  }

  /** A type of one line of text; the function may yield null or throw for what it is not. */
  private static <T> KeyType<T> text(String allowed, Function<String, T> parser) {
    return new KeyType<>(
        allowed,
        value ->
            value instanceof Value.Text text
                ? Optional.ofNullable(parser.apply(text.text().strip()))
                : Optional.empty());
  }

  static KeyType<Integer> integer(int min, int max) {
    return text(
        "a whole number from " + min + " to " + max,
        text -> within(Long.parseLong(text), min, max).map(Long::intValue).orElse(null));
  }

  /** Sizes in bytes, {@code 65536} or {@code 64KiB}; up to 2 GiB where an int is bound. */
  static KeyType<Integer> size(String min, String max) {
    KeyType<Long> type = longSize(min, max);
    return new KeyType<>(type.allowed(), value -> type.parse(value).map(Math::toIntExact));
  }

  static KeyType<Long> longSize(String min, String max) {
    return text(
        "a size in bytes (or with KiB, MiB, GiB) from " + min + " to " + max,
        text -> within(bytes(text), bytes(min), bytes(max)).orElse(null));
  }

  static KeyType<Duration> duration(String min, String max) {
    return text(
        "a duration (with ms, s, m, h or d) from " + min + " to " + max,
        text ->
            within(millis(text), millis(min), millis(max)).map(Duration::ofMillis).orElse(null));
  }

  static <E extends Enum<E>> KeyType<E> oneOf(Class<E> type) {
    Map<String, E> names =
        Arrays.stream(type.getEnumConstants())
            .collect(
                Collectors.toMap(
                    constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    Function.identity(),
                    (a, b) -> a,
                    LinkedHashMap::new));
    return text("one of " + String.join(", ", names.keySet()), names::get);
  }

  /** A list; as text, its items separated by commas. */
  static <T> KeyType<List<T>> list(KeyType<T> item, int min) {
    String allowed = (min > 0 ? "a list (not empty), each " : "a list, each ") + item.allowed();
    return new KeyType<>(
        allowed, value -> all(items(value), item).filter(list -> list.size() >= min));
  }

  /** A map; as text, its entries {@code name=value} separated by commas. */
  static <K, V> KeyType<Map<K, V>> map(KeyType<K> name, KeyType<V> item) {
    return new KeyType<>(
        "a map from " + name.allowed() + " to " + item.allowed(),
        value -> {
          Map<String, String> entries = entries(value);
          Optional<List<K>> names = all(entries.keySet(), name);
          Optional<List<V>> values = all(entries.values(), item);
          return names.flatMap(ks -> values.map(vs -> zip(ks, vs)));
        });
  }

  private static <K, V> Map<K, V> zip(List<K> names, List<V> values) {
    Map<K, V> map = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (map.put(names.get(i), values.get(i)) != null) {
        throw new IllegalArgumentException("named twice");
      }
    }
    return map;
  }

  private static <T> Optional<List<T>> all(Iterable<String> texts, KeyType<T> type) {
    List<T> list = new ArrayList<>();
    for (String text : texts) {
      Optional<T> item = type.parse(new Value.Text(text));
      if (item.isEmpty()) {
        return Optional.empty();
      }
      list.add(item.get());
    }
    return Optional.of(List.copyOf(list));
  }

  private static List<String> items(Value value) {
    if (value instanceof Value.Items items) {
      return items.items();
    }
    if (value instanceof Value.Text text) {
      return text.text().isBlank() ? List.of() : List.of(text.text().strip().split("\\s*,\\s*"));
    }
    throw new IllegalArgumentException("not a list");
  }

  private static Map<String, String> entries(Value value) {
    if (value instanceof Value.Entries entries) {
      return entries.entries();
    }
    Map<String, String> entries = new LinkedHashMap<>();
    for (String item : items(value)) {
      int equals = item.indexOf('=');
      if (equals < 0
          || entries.put(item.substring(0, equals), item.substring(equals + 1)) != null) {
        throw new IllegalArgumentException("not name=value");
      }
    }
    return entries;
  }

  private static Optional<Long> within(long number, long min, long max) {
    return Optional.of(number).filter(n -> n >= min && n <= max);
  }

  private static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a size");
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    return Math.multiplyExact(
        Long.parseLong(matcher.group(1)),
        1L << 10 * List.of("B", "KiB", "MiB", "GiB").indexOf(unit));
  }

  private static long millis(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a duration");
    }
    long unit =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "s" -> 1000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    return Long.parseLong(matcher.group(1)) * unit;
  }

  private static String domain(String text) {
    try {
      return Jid.of(null, text, null).domain();
    } catch (InvalidJidException e) {
      return null;
    }
  }

  private static Jid account(String text) {
    try {
      Jid jid = Jid.parse(text);
      return jid.isBare() && !jid.isDomain() ? jid : null;
    } catch (InvalidJidException e) {
      return null;
    }
  }

  private static Path path(String text) {
    return text.isEmpty() ? null : Path.of(text);
  }

  private static InetSocketAddress endpoint(String text) {
    Matcher matcher = ENDPOINT_FORM.matcher(text);
    return matcher.matches()
        ? InetSocketAddress.createUnresolved(
            unbracketed(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : null;
  }

  private static Listener listener(String text) {
    Matcher matcher = LISTENER_FORM.matcher(text);
    return matcher.matches()
        ? new Listener(
            Listener.Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
            matcher.group(2) != null,
            unbracketed(matcher.group(3)),
            Integer.parseInt(matcher.group(4)))
        : null;
  }

  private static ExternalService external(String text) {
    Matcher matcher = EXTERNAL_FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    Type type = Type.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
    int usual = type.isEncrypted() ? 5349 : 3478; // RFC 7064 and 7065, section 3.2
    int port = matcher.group(3) == null ? usual : Integer.parseInt(matcher.group(3));
    String transport = matcher.group(4);
    if (transport == null) {
      transport = type.isEncrypted() ? "tcp" : "udp";
    }
    return port == 0 || port > 65535
        ? null
        : new ExternalService(type, unbracketed(matcher.group(2)), port, transport);
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
