package io.rookery.standalone.config;

/**
 * A value and where it was set.
 *
 * @param origin for people: {@code rookery.yaml, line 12} or the name of an environment variable
 */
record Setting(Value value, String origin) {}
