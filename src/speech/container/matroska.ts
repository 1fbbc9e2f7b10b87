import { Stepper } from './stepper.ts';
import { type ContainerFacts, type ContainerFilter, MAX_INDEX_BYTES } from './types.ts';

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TRACKS = 0x1654ae6b;
const CLUSTER = 0x1f43b675;
const BLOCK_GROUP = 0xa0;
const TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;
const TIMESTAMP_SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const TRACK_TYPE = 0x83;
const VIDEO = 1;
const AUDIO = 2;
/** A type of track that players skip. */
const CONTROL = 0x20;
/** Elements whose children are walked over. */
const ENTERED: ReadonlySet<number> = new Set([SEGMENT, CLUSTER, BLOCK_GROUP]);

interface Track {
  readonly number: number;
  readonly type: number;
}

/**
 * Matroska and WebM. A track is removed by changing its type. (Without its entry, FFmpeg gives up each cluster at its
 * first block.)
 * @see https://www.rfc-editor.org/rfc/rfc9559
 */
export const createMatroskaFilter = (chosen: number): ContainerFilter => {
  let tracks: readonly Track[] | null = null;
  let nanosecondsPerUnit = 1_000_000;
  let durationUnits: number | null = null;
  let clusterUnits = 0;
  const firstUnits = new Map<number, number>();
  const isComplete = (): boolean =>
    tracks?.every(({ type, number }) => (type !== AUDIO && type !== VIDEO) || firstUnits.has(number)) ??
    false;

  const readInfo = (bytes: Buffer): void => {
    for (const { id, body } of elementsIn(bodyOf(bytes))) {
      if (id === TIMESTAMP_SCALE) nanosecondsPerUnit = uintOf(body);
      if (id === DURATION) durationUnits = body.length === 4 ? body.readFloatBE(0) : body.readDoubleBE(0);
    }
  };

  const readTracks = (bytes: Buffer): void => {
    let audio = 0;
    tracks = elementsIn(bodyOf(bytes))
      .filter(({ id }) => id === TRACK_ENTRY)
      .map(({ body }) => {
        const parts = elementsIn(body);
        const bodyOfPart = (wanted: number) => parts.find(({ id }) => id === wanted)?.body;
        const typeBody = bodyOfPart(TRACK_TYPE);
        const type = uintOf(typeBody);
        if (typeBody !== undefined && type === AUDIO && audio++ !== chosen)
          typeBody[typeBody.length - 1] = CONTROL;
        return { number: uintOf(bodyOfPart(TRACK_NUMBER)), type };
      });
  };

  const readBlock = (bytes: Buffer): void => {
    const body = bodyOf(bytes);
    const number = readSize(body, 0);
    if (number === null || firstUnits.has(number.value)) return;
    firstUnits.set(number.value, clusterUnits + body.readInt16BE(number.bytes));
  };

  const stepper = new Stepper((header) => {
    const element = readHeader(header);
    if (element === null) return null;
    const { id, headerBytes, sizeBytes } = element;
    const whole = headerBytes + sizeBytes;
    if (ENTERED.has(id)) return { pass: headerBytes };
    if (id === INFO && whole < MAX_INDEX_BYTES) return { keep: whole, use: readInfo };
    if (id === TRACKS && tracks === null && whole < MAX_INDEX_BYTES) return { keep: whole, use: readTracks };
    if (isComplete()) return { pass: whole };
    if (id === TIMESTAMP) {
      return {
        keep: whole,
        use: (bytes) => {
          clusterUnits = uintOf(bodyOf(bytes));
        },
      };
    }
    if ((id === SIMPLE_BLOCK || id === BLOCK) && whole < MAX_INDEX_BYTES)
      return { keep: whole, use: readBlock };
    return { pass: whole };
  });

  const toMs = (units: number): number => Math.round((units * nanosecondsPerUnit) / 1e6);
  return {
    push: (chunk) => stepper.push(chunk),
    flush: () => stepper.flush(),
    facts(): ContainerFacts | null {
      if (tracks === null) return null;
      const audio = tracks.filter(({ type }) => type === AUDIO);
      const first = firstUnits.get(audio[chosen]?.number ?? -1);
      const earliest = Math.min(...firstUnits.values());
      return {
        audioTracks: audio.length,
        offsetMs: first === undefined ? 0 : toMs(first - earliest),
        durationMs: durationUnits === null || stepper.isCutOff ? null : toMs(durationUnits),
      };
    },
  };
};

/** A number whose first byte says how long it is: the count of zero bits before its first one. */
const readSize = (bytes: Buffer, at: number): { readonly value: number; readonly bytes: number } | null => {
  const first = bytes[at];
  if (first === undefined) return null;
  const length = Math.clz32(first) - 23;
  if (length > 8 || at + length > bytes.length) return null;
  let value = first & (0xff >> length);
  let isUnknown = value === 0xff >> length;
  for (let i = 1; i < length; i += 1) {
    value = value * 256 + bytes[at + i]!;
    isUnknown &&= bytes[at + i] === 0xff;
  }
  return { value: isUnknown ? Number.POSITIVE_INFINITY : value, bytes: length };
};

const readHeader = (
  bytes: Buffer,
): { readonly id: number; readonly headerBytes: number; readonly sizeBytes: number } | null => {
  const idBytes = Math.clz32(bytes[0] ?? 0) - 23;
  if (idBytes > 4 || bytes.length < idBytes) return null;
  const size = readSize(bytes, idBytes);
  if (size === null) return null;
  return { id: bytes.readUIntBE(0, idBytes), headerBytes: idBytes + size.bytes, sizeBytes: size.value };
};

const bodyOf = (element: Buffer): Buffer => element.subarray(readHeader(element)?.headerBytes ?? 0);

interface Element {
  readonly id: number;
  readonly body: Buffer;
}

/** Shares the buffer's memory; ends where an element does not fit. */
const elementsIn = (buffer: Buffer): readonly Element[] => {
  const elements: Element[] = [];
  for (let at = 0; at < buffer.length; ) {
    const header = readHeader(buffer.subarray(at));
    if (header === null) break;
    const end = at + header.headerBytes + header.sizeBytes;
    if (end > buffer.length) break;
    const start = at + header.headerBytes;
    elements.push({ id: header.id, body: buffer.subarray(start, end) });
    at = end;
  }
  return elements;
};

const uintOf = (body: Buffer | undefined): number => {
  let value = 0;
  for (const byte of body ?? []) value = value * 256 + byte;
  return value;
};
