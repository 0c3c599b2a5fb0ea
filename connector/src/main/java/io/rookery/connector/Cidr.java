package io.rookery.connector;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of IP addresses (RFC 4632, RFC 4291 section 2.3), such as {@code 10.0.0.0/8} or {@code
 * 2001:db8::/32}.
 *
 * @param network its first address
 * @param length how many leading bits all its addresses share
 */
public record Cidr(InetAddress network, int length) {

  public Cidr {
    if (length < 0 || length > network.getAddress().length * 8) {
      throw new IllegalArgumentException("no such prefix length: " + length);
    }
    network = masked(network.getAddress(), length);
  }

  /**
   * Parses a block; an address alone is the block of that one address. Names are not resolved.
   *
   * @throws IllegalArgumentException when the text is something else
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    byte[] address =
        NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    int length = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
    return new Cidr(inetAddress(address), length);
  }

  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == network.getAddress().length && masked(bytes, length).equals(network);
  }

  private static InetAddress masked(byte[] address, int length) {
    for (int i = 0; i < address.length; i++) {
      int kept = Math.max(0, Math.min(8, length - 8 * i));
      address[i] &= (byte) (0xff << (8 - kept));
    }
    return inetAddress(address);
  }

  private static InetAddress inetAddress(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + length;
  }
}
