package io.rookery.router.contact;

import io.rookery.router.disco.InfoForm;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import java.net.URI;
import java.util.List;

/**
 * XEP-0455: Service Outage Status. Tells clients where they can read what is wrong when they cannot
 * reach the service; the file there is the operator's.
 */
public final class OutageStatus implements Extension {
  private static final String FORM_TYPE = "urn:xmpp:sos:0";
  private static final String ADDRESSES = "external-status-addresses";

  private final List<String> addresses;

  /**
   * @param addresses of the file, on other machines than the service's; empty for none
   */
  public OutageStatus(List<URI> addresses) {
    this.addresses = addresses.stream().map(URI::toString).toList();
  }

  @Override
  public Manifest manifest() {
    Manifest manifest = Manifest.of(455, "0.4.0", "Service Outage Status");
    return addresses.isEmpty()
        ? manifest
        : manifest.serverForm(InfoForm.of(FORM_TYPE).with(InfoForm.multi(ADDRESSES, addresses)));
  }
}
