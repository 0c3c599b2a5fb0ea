package io.rookery.router.administration;

import io.rookery.protocol.xml.Element;
import io.rookery.router.form.Field;
import io.rookery.router.form.Field.Kind;
import io.rookery.router.form.Form;
import java.util.List;

/** The forms of service administration (XEP-0133). */
final class AdminForm {
  static final String TYPE = "http://jabber.org/protocol/admin";
  static final String ACCOUNT = "accountjid";
  static final String ACCOUNTS = "accountjids";
  static final String PASSWORD = "password";
  static final String PASSWORD_AGAIN = "password-verify";
  static final String ANNOUNCEMENT = "announcement";

  /** Accounts that one command is for. */
  private static final int MAX_ACCOUNTS = 50;

  /** Lines of an announcement. */
  private static final int MAX_LINES = 50;

  static final Form ADD_USER =
      form(
          "Adding a user",
          "Fill out this form to add a user.",
          Field.required(ACCOUNT, Kind.JID, "The address of the account to be added"),
          Field.required(PASSWORD, Kind.SECRET, "The password for this account"),
          Field.optional(PASSWORD_AGAIN, Kind.SECRET, "Retype password"));
  static final Form CHANGE_PASSWORD =
      form(
          "Changing a user password",
          "Fill out this form to change a user's password.",
          Field.required(ACCOUNT, Kind.JID, "The address of the account"),
          Field.required(PASSWORD, Kind.SECRET, "The new password"));
  static final Form DELETE_USER = accounts("Deleting a user", "The addresses to delete");
  static final Form DISABLE_USER = accounts("Disabling a user", "The addresses to disable");
  static final Form ENABLE_USER = accounts("Re-enabling a user", "The addresses to re-enable");
  static final Form END_SESSION =
      accounts("Ending a user session", "The addresses for which to end sessions");
  static final Form LAST_LOGIN =
      one("Getting the last login time", ACCOUNTS, Kind.JIDS, "The address of the account");
  static final Form STATISTICS =
      one("Getting user statistics", ACCOUNT, Kind.JID, "The address of the account");
  static final Form ANNOUNCE =
      form(
          "Making an announcement",
          "Fill out this form to make an announcement to all users who are online.",
          Field.several(ANNOUNCEMENT, Kind.LINES, "Announcement", MAX_LINES));

  private AdminForm() {}

  private static Form form(String title, String instructions, Field... fields) {
    return new Form(TYPE, title, instructions, List.of(fields));
  }

  private static Form accounts(String title, String label) {
    return form(title, title + ".", Field.several(ACCOUNTS, Kind.JIDS, label, MAX_ACCOUNTS));
  }

  private static Form one(String title, String var, Kind kind, String label) {
    return form(title, title + ".", Field.required(var, kind, label));
  }

  /** What a command has to tell. */
  static Element result(Form.Value... values) {
    return Form.result(TYPE, List.of(values));
  }
}
