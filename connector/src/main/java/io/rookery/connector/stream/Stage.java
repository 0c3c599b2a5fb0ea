package io.rookery.connector.stream;

import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;

/** What a stream is ready for; decides what an element means. Without state of its own. */
sealed interface Stage permits BeforeLogin, AfterLogin, Bound {
  Stage BEFORE_LOGIN = new BeforeLogin();
  Stage AFTER_LOGIN = new AfterLogin();
  Stage BOUND = new Bound();

  /** Answers a stream header with what is offered now. */
  void features(ClientStream stream, XmlWriter w);

  void element(ClientStream stream, RawElement element) throws StreamException;
}
