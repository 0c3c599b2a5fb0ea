package io.rookery.standalone.portable;

import io.rookery.protocol.SupportedXep;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * Brings accounts from files of XEP-0227 to the database. Files are read twice: nothing is written
 * before all of them were found to be good. Can be repeated: accounts that are complete are left
 * alone, others are written again under the same keys.
 */
public final class Import {
  /** What is read, and written by {@link Export}. */
  public static final SupportedXep XEP =
      SupportedXep.partial(
          227,
          "1.1",
          "Portable Import/Export Format for XMPP-IM Servers",
          "Of privacy lists only what blocks addresses; no subscriptions to nodes");

  private final AccountStores stores;
  private final ImportSettings settings;
  private final Selection selection;
  private final Options options;
  private final Progress progress;
  private final Clock clock;

  /**
   * What the operator has asked for.
   *
   * @param checkOnly writes nothing
   * @param upToFault when the files are not good, imports the accounts before the fault
   * @param intoExisting writes to accounts that are there and complete, too
   */
  public record Options(boolean checkOnly, boolean upToFault, boolean intoExisting) {}

  /**
   * @param summary for the operator
   * @param everything is done of what was asked
   */
  public record Result(String summary, boolean everything) {}

  public Import(
      AccountStores stores,
      ImportSettings settings,
      Selection selection,
      Options options,
      Progress progress,
      Clock clock) {
    this.stores = stores;
    this.settings = settings;
    this.selection = selection;
    this.options = options;
    this.progress = progress;
    this.clock = clock;
  }

  /** Imports a file, or the files of a directory. Blocking. */
  public Result run(Path input) throws TransferException, InterruptedException {
    List<Path> files = PieFiles.of(input);
    Notices notices = new Notices(progress::line);
    Arrivals checked = arrivals(account -> Destination.NONE, notices, Long.MAX_VALUE);
    progress.begin("Checking", 0, checked::accounts);
    TransferException fault = null;
    try {
      read(files, checked);
    } catch (TransferException e) {
      fault = e;
    }
    progress.clear();
    if (fault != null && !options.upToFault) {
      throw new TransferException(
          "%s%nNothing was imported. The %d accounts before that are good; --up-to-fault imports them."
              .formatted(fault.getMessage(), checked.accounts()),
          fault);
    }
    if (options.checkOnly) {
      return new Result(
          "%d accounts can be imported.".formatted(checked.accounts()) + remarks(checked, notices),
          fault == null && checked.invalid() == 0);
    }
    Uploads uploads = upload(files, checked.accounts());
    return result(uploads, checked, notices, fault);
  }

  private Uploads upload(List<Path> files, long accounts)
      throws TransferException, InterruptedException {
    Uploads uploads = new Uploads(stores.accounts(), options.intoExisting, clock);
    Arrivals arrivals = arrivals(uploads::begin, Notices.silent(), accounts);
    progress.begin("Importing", accounts, () -> uploads.complete() + uploads.present());
    try {
      readAgain(files, arrivals, accounts);
      uploads.finish();
    } catch (TransferException e) {
      throw broken(uploads, e);
    }
    progress.clear();
    return uploads;
  }

  private void readAgain(List<Path> files, Arrivals arrivals, long accounts)
      throws TransferException, InterruptedException {
    try {
      read(files, arrivals);
    } catch (DatabaseException e) {
      throw e;
    } catch (TransferException e) {
      if (!options.upToFault || arrivals.accounts() < accounts) {
        throw e; // not the fault that is known
      }
    }
  }

  private TransferException broken(Uploads uploads, TransferException e)
      throws InterruptedException {
    progress.clear();
    return new TransferException(
        ("%s%n%d accounts are complete. Begun and not complete, nobody can log in to them: %s.%n"
                + "Import again to go on, or remove them with `rookery user delete`.")
            .formatted(
                e.getMessage(), uploads.complete() + uploads.present(), uploads.incomplete()),
        e);
  }

  private Result result(
      Uploads uploads, Arrivals checked, Notices notices, TransferException fault) {
    StringBuilder text = new StringBuilder();
    text.append("%d accounts are imported.".formatted(uploads.complete()));
    if (uploads.present() > 0) {
      text.append(" %d were there before and are left as they are.".formatted(uploads.present()));
    }
    text.append(remarks(checked, notices));
    if (fault != null) {
      text.append("%nThe rest is not: %s".formatted(fault.getMessage()));
    }
    return new Result(text.toString(), fault == null && checked.invalid() == 0);
  }

  private static String remarks(Arrivals checked, Notices notices) {
    String remarks = "";
    if (checked.withoutCredentials() > 0) {
      remarks +=
          " %d of them have no password: `rookery user passwd` gives them one."
              .formatted(checked.withoutCredentials());
    }
    if (checked.invalid() > 0) {
      remarks += " %d accounts have impossible names.".formatted(checked.invalid());
    }
    return notices.count() == 0 ? remarks : remarks + " Left out: %d.".formatted(notices.count());
  }

  private Arrivals arrivals(Arrivals.Destinations destinations, Notices notices, long limit) {
    return new Arrivals(selection, settings, stores, destinations, notices, progress, limit);
  }

  private static void read(List<Path> files, Reception reception)
      throws TransferException, InterruptedException {
    for (Path file : files) {
      PieReader.read(file, reception);
    }
  }
}
