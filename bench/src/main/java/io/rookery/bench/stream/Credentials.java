package io.rookery.bench.stream;

/** How clients identify themselves; all accounts of a run have the same password. */
public record Credentials(String domain, String password, Mechanism mechanism) {}
