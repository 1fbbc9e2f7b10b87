/** An error response as Deepgram sends it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const badRequest = (problem: string): ListenError =>
  new ListenError(400, 'Bad Request', `Bad Request: ${problem}`);
export const undecodable = (): ListenError =>
  badRequest('failed to process audio: corrupt or unsupported data');
export const invalidKey = (): ListenError => new ListenError(401, 'INVALID_AUTH', 'Invalid credentials.');
export const tooLarge = (): ListenError =>
  new ListenError(413, 'PAYLOAD_TOO_LARGE', 'The request body is larger than 2 GB.');
export const tooMany = (): ListenError =>
  new ListenError(429, 'TOO_MANY_REQUESTS', 'Too many requests. Please try again later.');
