package io.rookery.router.extension;

/** Looks at stanzas of the kind it was registered for. */
@FunctionalInterface
public interface Hook {
  Verdict see(Passage passage);
}
