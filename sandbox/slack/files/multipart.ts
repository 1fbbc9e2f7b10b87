/**
 * The bytes of the one file in a `multipart/form-data` body, as they stream by. Slack's SDK uploads this way, with
 * a single part; fields before the file are skipped.
 * @see https://www.rfc-editor.org/rfc/rfc7578
 */
export async function* multipartFile(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<Uint8Array> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line break before it. One is added, so that all look alike.
  let buffer: Buffer = Buffer.from('\r\n');
  let inFile = false;
  for await (const chunk of body) {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      if (!inFile) {
        const opened = openFilePart(buffer, delimiter);
        if (opened === null) break;
        buffer = opened;
        inFile = true;
      }
      const end = buffer.indexOf(delimiter);
      if (end !== -1) {
        if (end > 0) yield buffer.subarray(0, end);
        // The rest is ignored, but must be read to keep the connection usable.
        for await (const _rest of body);
        return;
      }
      const safe = buffer.length - delimiter.length;
      if (safe > 0) {
        yield buffer.subarray(0, safe);
        buffer = buffer.subarray(safe);
      }
      break;
    }
  }
  throw new Error('The multipart body ended before its file did.');
}

/** The bytes after the headers of the first part with a file name; null until they arrive. */
const openFilePart = (buffer: Buffer, delimiter: Buffer): Buffer | null => {
  let from = 0;
  for (;;) {
    const start = buffer.indexOf(delimiter, from);
    if (start === -1) return null;
    const headersEnd = buffer.indexOf('\r\n\r\n', start + delimiter.length);
    if (headersEnd === -1) return null;
    const headers = buffer.toString('utf8', start + delimiter.length, headersEnd);
    const content = headersEnd + 4;
    if (/filename\*?=/i.test(headers)) return buffer.subarray(content);
    from = content;
  }
};
