package io.rookery.router.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.router.login.Owner;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.mailbox.MailboxEntry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogTailTest {
  private final Owner owner = new Owner();
  private final LiveAccount account = Given.account(Owner.JULIET, true);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private long ago(Duration time) {
    return owner.clock.now - time.toMillis() << 16;
  }

  private void logged(long id, long origin, boolean outgoing) {
    owner.log.entries.add(
        new MailboxEntry(id, origin, Given.ROMEO, outgoing, true, true, new byte[0]));
  }

  private List<Long> read(long position) {
    return owner.tail.read(account, position).result().stream().map(MailboxEntry::id).toList();
  }

  @Test
  void originsAreToldByTheirSide() {
    logged(ago(Duration.ofSeconds(20)), 5, false);
    logged(ago(Duration.ofSeconds(10)), 6, true);
    assertTrue(owner.tail.known(account).succeeded());
    assertTrue(owner.origins.contains(LogTail.key(5, false)));
    assertFalse(owner.origins.contains(LogTail.key(5, true)));
    assertTrue(owner.origins.contains(LogTail.key(6, true)));
    assertTrue(account.nextMailboxId(1) > ago(Duration.ofSeconds(10)), "ids go on ascending");
  }

  @Test
  void anAccountIsReadOnce() {
    owner.tail.known(account);
    logged(ago(Duration.ofSeconds(10)), 6, false);
    assertTrue(owner.tail.known(account).succeeded());
    assertFalse(owner.origins.contains(6));
  }

  @Test
  void itGoesBackToWhatSessionsWereHanded() {
    long old = ago(Duration.ofMinutes(9));
    long tooOld = ago(Duration.ofMinutes(11));
    logged(tooOld, 0, false);
    logged(old, 0, false);
    assertEquals(List.of(), read(0));
    assertEquals(List.of(old), read(tooOld - 1), "not further than ten minutes");
    assertEquals(List.of(), read(old));
  }

  @Test
  void moreThanOneAnswerHoldsIsReadInPages() {
    owner.log.crowded = true;
    long first = ago(Duration.ofSeconds(60));
    for (int i = 0; i < 2500; i++) {
      logged(first + i, i + 1, false);
    }
    assertEquals(2500, read(0).size());
    assertTrue(owner.origins.contains(2500));
  }
}
