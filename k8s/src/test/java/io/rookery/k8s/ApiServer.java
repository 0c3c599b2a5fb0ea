package io.rookery.k8s;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceListBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * As much of the API of Kubernetes as discovery asks for: the EndpointSlices of one service, and
 * nothing that the role does not permit. Whoever asks shows the token of its service account.
 */
final class ApiServer implements AutoCloseable {
  private static final Pattern PATH =
      Pattern.compile("/apis?(?:/([^/]+))?/v1/namespaces/([^/]+)/([^/]+)(/[^/]+)?");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpsServer server;
  private final Role role;
  private final Service service;
  private final Map<String, String> pods = new ConcurrentHashMap<>();
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

  /** One request and its answer. */
  record Request(String token, String path, int status) {}

  ApiServer(Role role, Service service, SSLContext tls) throws IOException {
    this.role = role;
    this.service = service;
    this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  /** A pod that the service selects has got its address. */
  void add(String pod, String address) {
    pods.put(pod, address);
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    String token = header.startsWith("Bearer ") ? header.substring(7) : "";
    Matcher matcher = PATH.matcher(path);
    int status = token.isEmpty() ? 401 : matcher.matches() && permits(matcher) ? 200 : 403;
    requests.add(new Request(token, path, status));
    byte[] body = JSON.writeValueAsBytes(status == 200 ? slices(exchange) : refusal(status));
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private boolean permits(Matcher path) {
    String group = path.group(1) == null ? "" : path.group(1);
    return path.group(2).equals(role.getMetadata().getNamespace())
        && role.getRules().stream()
            .filter(rule -> rule.getApiGroups().contains(group))
            .filter(rule -> rule.getResources().contains(path.group(3)))
            .anyMatch(rule -> rule.getVerbs().contains(path.group(4) == null ? "list" : "get"));
  }

  private static Object refusal(int status) {
    return new StatusBuilder().withCode(status).withReason("Forbidden").build();
  }

  private Object slices(HttpExchange exchange) {
    String selector = String.valueOf(exchange.getRequestURI().getQuery());
    String name = service.getMetadata().getName();
    boolean wanted = selector.endsWith("=kubernetes.io/service-name=" + name);
    return new EndpointSliceListBuilder().withItems(wanted ? List.of(slice()) : List.of()).build();
  }

  private EndpointSlice slice() {
    EndpointSliceBuilder slice =
        new EndpointSliceBuilder()
            .withAddressType("IPv4")
            .withNewMetadata()
            .withName(service.getMetadata().getName() + "-abcde")
            .endMetadata();
    service
        .getSpec()
        .getPorts()
        .forEach(
            port -> slice.addNewPort().withName(port.getName()).withPort(port.getPort()).endPort());
    pods.forEach(
        (pod, address) ->
            slice
                .addNewEndpoint()
                .withAddresses(address)
                .withNewConditions()
                .withReady(true)
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withName(pod)
                .endTargetRef()
                .endEndpoint());
    return slice.build();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
