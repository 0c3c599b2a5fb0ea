package io.rookery.router.session;

import io.rookery.storage.account.Accounts;
import io.rookery.storage.activity.LastActivities;
import io.rookery.storage.archive.ArchivePolicies;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.invitation.Invitations;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.push.PushRegistrations;
import io.rookery.storage.roster.Rosters;
import io.rookery.storage.token.LoginTokens;
import io.rookery.storage.vcard.Vcards;

/** The stores a router works with. */
public record Stores(
    Accounts accounts,
    Rosters rosters,
    Mailboxes mailboxes,
    LastActivities lastActivities,
    ArchivePolicies archivePolicies,
    BlockLists blockLists,
    PrivateData privateData,
    Vcards vcards,
    LoginTokens loginTokens,
    PersonalNodes personalNodes,
    PushRegistrations pushRegistrations,
    Invitations invitations,
    Directory directory) {}
