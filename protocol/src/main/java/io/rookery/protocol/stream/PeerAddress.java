package io.rookery.protocol.stream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Network addresses of peers, as limits see them. */
public final class PeerAddress {
  private static final int PREFIX_BYTES = 8;

  private PeerAddress() {}

  /**
   * What counts as one peer: an IPv4 address, or the first 64 bits of an IPv6 address, below which
   * a host has as many addresses as it likes.
   *
   * @param address an IP address in text form; anything else is returned as it is
   */
  public static String limitKey(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      InetAddress parsed = InetAddress.getByName(address); // a literal: nobody is asked
      if (parsed instanceof Inet6Address) {
        byte[] bytes = parsed.getAddress();
        Arrays.fill(bytes, PREFIX_BYTES, bytes.length, (byte) 0);
        return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
      }
      return parsed.getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
