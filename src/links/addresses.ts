import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whether an address is an ordinary one of the public internet, and not reserved for another purpose: private and shared
 * networks, loopback, link-local (with the metadata of clouds), multicast, documentation, benchmarking, and the IPv6
 * forms with an IPv4 address inside (mapped, NAT64, 6to4, Teredo), which could lead back to any of these.
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export const isPublicAddress = (text: string): boolean => {
  // Stricter than ipaddr.js, which also takes `1.1` and `0x7f.1`.
  if (isIP(text) === 0) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  const also = address.kind() === 'ipv4' ? IPV4_ALSO_REFUSED : IPV6_ALSO_REFUSED;
  if (also.some((range) => address.match(range))) return false;
  // Only this eighth of IPv6 is allocated as global unicast.
  return address.kind() === 'ipv4' || address.match(IPV6_GLOBAL);
};

const IPV6_GLOBAL = ipaddr.parseCIDR('2000::/3');

/** Reserved, although ipaddr.js counts them as unicast. */
const IPV4_ALSO_REFUSED = [
  // Azure's host agent: a public number that means "this machine's host" inside Azure.
  '168.63.129.16/32',
  // Benchmarking, documentation and protocol assignments, whichever version of the list is installed.
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
].map((range) => ipaddr.parseCIDR(range));

const IPV6_ALSO_REFUSED = [
  // Protocol assignments, among them Teredo, ORCHID and benchmarking.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
].map((range) => ipaddr.parseCIDR(range));
