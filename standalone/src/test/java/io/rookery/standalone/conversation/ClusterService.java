package io.rookery.standalone.conversation;

import io.rookery.cassandra.EmbeddedCassandra;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Connectors and routers as processes of their own, with a Cassandra that outlives restarts. */
record ClusterService(ProcessService nodes, EmbeddedCassandra cassandra, List<URI> routers)
    implements Service {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Override
  public String domain() {
    return nodes.domain();
  }

  @Override
  public Endpoint endpoint(int client) {
    return nodes.endpoint(client);
  }

  @Override
  public void restart() {
    nodes.restart();
  }

  @Override
  public Duration negotiationTimeout() {
    return nodes.negotiationTimeout();
  }

  @Override
  public int maxStanzaBytes() {
    return nodes.maxStanzaBytes();
  }

  /** Owned by the router whose turn it is. */
  @Override
  public String localpart(String role, int user) {
    String owner = "router-" + user % routers.size();
    String local;
    do {
      local = Service.super.localpart(role, user);
    } while (!ownerOf(local).contains('"' + owner + '"'));
    return local;
  }

  private String ownerOf(String local) {
    URI question = routers.get(0).resolve("/owner?jid=" + local + "%40" + domain());
    try {
      return HTTP.send(
              HttpRequest.newBuilder(question).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    nodes.close();
    try {
      cassandra.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
