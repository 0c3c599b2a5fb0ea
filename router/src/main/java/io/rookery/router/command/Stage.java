package io.rookery.router.command;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.xml.Element;
import io.rookery.router.form.Form;

/** Where the execution of a command has got to. */
public sealed interface Stage {

  /**
   * A form is to be filled in.
   *
   * @param last the command is complete with it
   * @param then what is done with the answers
   */
  record Ask(Form form, boolean last, Step then) implements Stage {

    /** The only form, or the last one. */
    public static Ask last(Form form, Step then) {
      return new Ask(form, true, then);
    }
  }

  /**
   * The command is completed.
   *
   * @param form what it has to tell, or null
   * @param note for people, or null
   */
  record Done(Element form, Note note) implements Stage {
    public static final Done SILENTLY = new Done(null, null);

    public static Done with(Element form) {
      return new Done(form, null);
    }

    public static Done saying(String text) {
      return new Done(null, new Note("info", text));
    }
  }

  /** Nothing comes of it: an error is the answer, and the end of the command. */
  record Refused(StanzaError error) implements Stage {
    public static Refused with(StanzaError.Condition condition, String text) {
      return new Refused(StanzaError.of(condition, text));
    }
  }

  /**
   * Something for people.
   *
   * @param type info, warn or error (XEP-0050, section 4.3)
   */
  record Note(String type, String text) {}
}
