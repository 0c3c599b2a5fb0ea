package io.rookery.router.command;

import java.util.Locale;

/** What a requester wants to be done with a command (XEP-0050, section 4.1). */
enum Action {
  EXECUTE,
  CANCEL,
  PREV,
  NEXT,
  COMPLETE;

  /**
   * The action of that attribute.
   *
   * @return null when there is no such action
   */
  static Action of(String attribute) {
    if (attribute == null) {
      return EXECUTE;
    }
    for (Action action : values()) {
      if (attribute.equals(action.xmlName())) {
        return action;
      }
    }
    return null;
  }

  String xmlName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
