/** A box within a buffer. */
export interface Box {
  readonly type: string;
  /** Of its header, in the buffer. */
  readonly at: number;
  /** Without its header. Shares the buffer's memory. */
  readonly body: Buffer;
}

/** Null until the header is complete. A size of 0 lasts to the end of the file, and is infinite here. */
export const readBoxHeader = (
  bytes: Buffer,
): { readonly type: string; readonly headerBytes: number; readonly sizeBytes: number } | null => {
  if (bytes.length < 8) return null;
  const size = bytes.readUInt32BE(0);
  const type = bytes.toString('latin1', 4, 8);
  if (size !== 1) return { type, headerBytes: 8, sizeBytes: size === 0 ? Number.POSITIVE_INFINITY : size };
  if (bytes.length < 16) return null;
  return { type, headerBytes: 16, sizeBytes: Number(bytes.readBigUInt64BE(8)) };
};

/** The boxes within `buffer` from `at` on; ends where one does not fit. */
export const boxesIn = (buffer: Buffer, at = 0): readonly Box[] => {
  const boxes: Box[] = [];
  for (let next = at; next + 8 <= buffer.length; ) {
    const header = readBoxHeader(buffer.subarray(next, next + 16));
    if (header === null || header.sizeBytes < header.headerBytes || next + header.sizeBytes > buffer.length)
      break;
    const { type, headerBytes, sizeBytes } = header;
    boxes.push({ type, at: next, body: buffer.subarray(next + headerBytes, next + sizeBytes) });
    next += sizeBytes;
  }
  return boxes;
};
