package io.rookery.standalone.conversation;

/** A user of the service. */
record Account(String localpart, String domain, String password) {
  String bare() {
    return localpart + "@" + domain;
  }

  Account withPassword(String newPassword) {
    return new Account(localpart, domain, newPassword);
  }
}
