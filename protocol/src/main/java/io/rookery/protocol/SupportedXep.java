package io.rookery.protocol;

/**
 * An XMPP extension as it is supported, for people and for the description of the project
 * (XEP-0453, section 4.2).
 *
 * @param number of the XEP
 * @param version of the text that is implemented
 * @param note what a reader should know, empty for nothing; tells what is missing of a partial one
 */
public record SupportedXep(int number, String version, String title, Status status, String note) {

  /** How much of it there is. */
  public enum Status {
    COMPLETE,
    PARTIAL
  }

  public SupportedXep {
    if (status == Status.PARTIAL && note.isEmpty()) {
      throw new IllegalArgumentException("what is missing of XEP " + number + "?");
    }
  }

  public static SupportedXep complete(int number, String version, String title, String note) {
    return new SupportedXep(number, version, title, Status.COMPLETE, note);
  }

  /**
   * @param missing what is not there
   */
  public static SupportedXep partial(int number, String version, String title, String missing) {
    return new SupportedXep(number, version, title, Status.PARTIAL, missing);
  }
}
