package io.rookery.standalone.fault.client;

/** A user that a client of the harness signs up and logs in as. */
public record Account(String localpart, String domain, String password) {
  public String bare() {
    return localpart + "@" + domain;
  }
}
