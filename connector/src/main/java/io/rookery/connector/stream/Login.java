package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.BindRequest;
import io.rookery.protocol.wire.BindResult;
import io.rookery.protocol.wire.LoginRequest;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.XmlWriter;
import java.time.Instant;
import java.util.Base64;

/**
 * One login by XEP-0388, from {@code authenticate} to {@code success}, with what the client asked
 * for inline: to resume a session (XEP-0198, section 9.2), and to bind one (XEP-0386) unless that
 * succeeds. The client is told of everything at once, and gets nothing of its session before.
 */
final class Login {

  /** What may come of the client. */
  static final String RESPONSE = "response";

  static final String NEXT = "next";
  static final String TASK_DATA = "task-data";

  /** A wish to resume, as the client wrote it. */
  record ResumeRequest(String id, String h) {}

  private final ClientStream stream;
  private final LoginRequest request;
  private final ResumeRequest resume;
  private final BindRequest bind;
  private final boolean inactive;

  /** Answers to inline requests, in the order of the requests. */
  private final XmlWriter answers = new XmlWriter(256);

  /** What the session was sent meanwhile. */
  private final XmlWriter held = new XmlWriter(0);

  private ToConnector.SaslSuccess success;
  private String expected = RESPONSE;

  /**
   * @param resume null for no such wish
   * @param bind null for no such wish
   * @param inactive nobody looks at the client as the session is bound (XEP-0352)
   */
  Login(
      ClientStream stream,
      LoginRequest request,
      ResumeRequest resume,
      BindRequest bind,
      boolean inactive) {
    this.stream = stream;
    this.request = request;
    this.resume = resume;
    this.bind = bind;
    this.inactive = inactive;
  }

  LoginRequest request() {
    return request;
  }

  /** The name of the only element, but for {@code abort}, that may come of the client now. */
  String expected() {
    return expected;
  }

  /** True when there will be no further exchange on this stream (XEP-0388, section 4.8). */
  boolean isPastSasl() {
    return !expected.equals(RESPONSE);
  }

  /** The router wants a task to be done. */
  void continued() {
    expected = NEXT;
  }

  /** The client is told what it needs for the task. */
  void taskBegun() {
    expected = TASK_DATA;
  }

  /** The client is who it says it is; {@code resume} comes before {@code bind}. */
  void authenticated(ToConnector.SaslSuccess message) {
    success = message;
    stream.become(Stage.AFTER_LOGIN);
    if (resume == null) {
      bind();
      return;
    }
    ToRouter.Resume wish =
        StreamManagement.resume(
            stream.number, message.account(), resume.id(), resume.h(), stream.transport.peer());
    if (wish == null) {
      StreamManagement.failed(answers, "bad-request", -1);
      bind();
    } else {
      ask(wish);
    }
  }

  private void ask(ToRouter message) {
    try {
      stream.loop.bus().send(stream.loop.ownerOf(success.account()), message);
    } catch (StreamException e) {
      stream.fail(e.error());
    }
  }

  /** A resumed session is bound already: the client's wish to bind one means nothing then. */
  void resumed(String id, long h) {
    StreamManagement.resumed(answers, id, h);
    succeed(false);
  }

  void resumeRefused(ToConnector.ResumeRefused refused) {
    StreamManagement.failed(answers, refused.condition(), refused.handled());
    bind();
  }

  private void bind() {
    if (bind == null) {
      succeed(true);
    } else {
      ask(new ToRouter.Bind(stream.number, success.account(), null, stream.transport.peer(), bind));
    }
  }

  /** The session is there; when it is managed, {@link #enabled} comes when it cannot be lost. */
  void bound(LoopAddress owner, ToConnector.Bound message) {
    stream.bound(owner, message.session());
    stream.become(Stage.BOUND);
    stream.clientState(!inactive);
    BindResult result = message.inline();
    boolean managed = result != null && result.managed();
    answers.startTag("bound").attribute("xmlns", Namespaces.BIND_2);
    if (managed) {
      stream.managedFromTheStart(result.id());
      StreamManagement.enabled(answers, result.id(), result.maxSeconds());
    } else if (bind.manage()) {
      StreamManagement.failed(answers, "feature-not-implemented", -1); // an older router's word
    }
    if (result != null && result.features() != null) {
      answers.raw(result.features());
    }
    answers.endTag("bound");
    if (!managed) {
      succeed(true);
    }
  }

  /** The session's record is safe, or has been found by a new owner. */
  void enabled() {
    succeed(true);
  }

  /** XEP-0386 knows no failure: the client may bind a resource in the way of RFC 6120. */
  void bindRefused() {
    succeed(true);
  }

  /** Keeps output of the session until the client has been told of it. */
  void hold(XmlWriter output) {
    held.raw(output.array(), 0, output.length());
    output.reset();
  }

  private void succeed(boolean features) {
    stream.login(null);
    XmlWriter w = stream.loop.writer();
    Jid identity = stream.session() == null ? success.account() : stream.session();
    w.startTag("success").attribute("xmlns", Namespaces.SASL_2);
    if (success.additional() != null) {
      w.element("additional-data", Base64.getEncoder().encodeToString(success.additional()));
    }
    w.element("authorization-identifier", identity.toString());
    w.raw(answers.array(), 0, answers.length());
    if (success.token() != null) {
      w.startTag("token")
          .attribute("xmlns", ExtensibleSasl.FAST)
          .attribute("token", success.token().token())
          .attribute("expiry", Instant.ofEpochSecond(success.token().expires()).toString())
          .endTag("token");
    }
    w.endTag("success");
    if (features) {
      stream.stage().features(stream, w);
    } else {
      stream.takeFeatures();
    }
    w.raw(held.array(), 0, held.length());
    stream.loop.send(stream);
    stream.routerAnswered();
  }
}
