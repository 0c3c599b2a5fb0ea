package io.rookery.standalone.portable;

import io.rookery.storage.account.Accounts;
import io.rookery.storage.archive.ArchivePolicies;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.roster.Rosters;
import io.rookery.storage.vcard.Vcards;

/** The stores of what accounts take along to another server. */
public record AccountStores(
    Accounts accounts,
    Rosters rosters,
    Mailboxes mailboxes,
    ArchivePolicies archivePolicies,
    BlockLists blockLists,
    PrivateData privateData,
    Vcards vcards,
    PersonalNodes personalNodes) {}
