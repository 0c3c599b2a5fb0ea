package io.rookery.standalone.ops;

/**
 * Where metrics and health are served.
 *
 * @param port default 9280; 0 for any free one
 */
public record OpsConfig(String address, int port) {
  public OpsConfig {
    if (address.isEmpty() || port < 0 || port > 65535) {
      throw new IllegalArgumentException("no such address: " + address + ":" + port);
    }
  }
}
