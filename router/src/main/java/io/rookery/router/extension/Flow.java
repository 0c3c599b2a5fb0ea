package io.rookery.router.extension;

/** Where a stanza is on its way when a hook sees it. */
public enum Flow {
  /** At the sender's owner: a stanza the client sent, stamped with its full address. */
  FROM_CLIENT,
  /** At the recipient's owner: a stanza for the account or one of its sessions. */
  TO_ACCOUNT
}
