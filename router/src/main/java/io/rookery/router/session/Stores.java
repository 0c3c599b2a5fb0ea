package io.rookery.router.session;

import io.rookery.storage.account.Accounts;
import io.rookery.storage.activity.LastActivities;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.roster.Rosters;

/** The stores a router works with. */
public record Stores(
    Accounts accounts,
    Rosters rosters,
    Mailboxes mailboxes,
    LastActivities lastActivities,
    PersonalNodes personalNodes) {}
