import { createHash, createHmac, randomBytes } from 'node:crypto';

/** The messages of STUN and TURN that allocate an address on a relay. @see https://www.rfc-editor.org/rfc/rfc8489#section-5 */
const COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const ALLOCATE = 0x0003;
const ALLOCATED = 0x0103;
const REFUSED = 0x0113;

const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
} as const;

/** The protocol number of UDP. */
const UDP = Buffer.from([17, 0, 0, 0]);
const INTEGRITY_BYTES = 24;

export type AllocateResponse =
  | { readonly kind: 'allocated' }
  | {
      readonly kind: 'refused';
      /** As in HTTP: 401 without credentials, or with wrong ones. */
      readonly code: number;
      readonly realm: string;
      readonly nonce: string;
    };

export interface RelayCredentials {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonce: string;
}

/** An Allocate request, unsigned to get a realm and nonce, or signed. */
export const writeAllocate = (credentials: RelayCredentials | null): Buffer => {
  const transactionId = randomBytes(12);
  const transport = attribute(ATTRIBUTE.requestedTransport, UDP);
  if (credentials === null) return message(transactionId, transport, 0);
  const { username, password, realm, nonce } = credentials;
  const body = Buffer.concat([
    transport,
    attribute(ATTRIBUTE.username, Buffer.from(username)),
    attribute(ATTRIBUTE.realm, Buffer.from(realm)),
    attribute(ATTRIBUTE.nonce, Buffer.from(nonce)),
  ]);
  // The signed length already counts the signature.
  const signed = message(transactionId, body, INTEGRITY_BYTES);
  const key = createHash('md5').update(`${username}:${realm}:${password}`).digest();
  const integrity = createHmac('sha1', key).update(signed).digest();
  return Buffer.concat([signed, attribute(ATTRIBUTE.integrity, integrity)]);
};

/** Null for what is no response to an Allocate request, or not complete yet. */
export const readResponse = (bytes: Buffer): AllocateResponse | null => {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(4) !== COOKIE) return null;
  const end = HEADER_BYTES + bytes.readUInt16BE(2);
  if (bytes.length < end) return null;
  const type = bytes.readUInt16BE(0);
  if (type === ALLOCATED) return { kind: 'allocated' };
  if (type !== REFUSED) return null;
  const attributes = readAttributes(bytes.subarray(HEADER_BYTES, end));
  const error = attributes.get(ATTRIBUTE.error);
  return {
    kind: 'refused',
    code: error === undefined || error.length < 4 ? 0 : error[2]! * 100 + error[3]!,
    realm: attributes.get(ATTRIBUTE.realm)?.toString() ?? '',
    nonce: attributes.get(ATTRIBUTE.nonce)?.toString() ?? '',
  };
};

const message = (transactionId: Buffer, body: Buffer, moreBytes: number): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(ALLOCATE, 0);
  header.writeUInt16BE(body.length + moreBytes, 2);
  header.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([header, transactionId, body]);
};

const attribute = (type: number, value: Buffer): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value, Buffer.alloc(padding(value.length))]);
};

const readAttributes = (body: Buffer): ReadonlyMap<number, Buffer> => {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= body.length; ) {
    const length = body.readUInt16BE(at + 2);
    found.set(body.readUInt16BE(at), body.subarray(at + 4, at + 4 + length));
    at += 4 + length + padding(length);
  }
  return found;
};

/** Attributes end on multiples of four. */
const padding = (length: number): number => (4 - (length % 4)) % 4;
