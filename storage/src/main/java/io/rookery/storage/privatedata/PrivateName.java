package io.rookery.storage.privatedata;

/** What private XML is stored under: the expanded name of its element. */
public record PrivateName(String namespace, String name) {}
