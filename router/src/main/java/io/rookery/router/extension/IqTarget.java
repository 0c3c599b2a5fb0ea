package io.rookery.router.extension;

/** To whom an IQ request that the server answers is addressed. */
public enum IqTarget {
  /** A served domain. */
  SERVER,
  /** The sender's own account: no to, or the own bare address. */
  OWN_ACCOUNT,
  /** Another's bare address: the account answers through its server. */
  OTHER_ACCOUNT
}
