package io.rookery.router.extension;

/**
 * One XEP, or one part of the core, as a package that describes itself. An extension holds no state
 * of its own about users: that is session state under {@link SessionKey}s or lives in its store.
 */
public interface Extension {

  /** What the extension is and handles. Pure; called once at start. */
  Manifest manifest();
}
