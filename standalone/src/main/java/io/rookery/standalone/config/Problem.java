package io.rookery.standalone.config;

/**
 * One thing wrong with a configuration.
 *
 * @param value as written
 * @param allowed what would have been right
 * @param origin where it was set
 */
public record Problem(String key, String value, String allowed, String origin) {
  @Override
  public String toString() {
    return key + " = " + value + " (" + origin + "): allowed is " + allowed;
  }
}
