package io.rookery.router.sasl;

/** Ends an exchange from within its parsing. No stack trace: it is an answer, not a bug. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final SaslCondition condition;

  Refusal(SaslCondition condition, String text) {
    super(text, null, false, false);
    this.condition = condition;
  }

  SaslStep.Failure failure() {
    return new SaslStep.Failure(condition, getMessage());
  }

  static Refusal malformed(String text) {
    return new Refusal(SaslCondition.MALFORMED_REQUEST, text);
  }

  /** A part of an exchange that can refuse. */
  interface Decision {
    SaslStep take() throws Refusal;
  }

  static SaslStep orFailure(Decision decision) {
    try {
      return decision.take();
    } catch (Refusal e) {
      return e.failure();
    }
  }
}
