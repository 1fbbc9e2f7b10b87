/** An error response of the REST API. `code` is Twilio's. */
export class RestError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.name = 'RestError';
    this.status = status;
    this.code = code;
  }

  toJSON(): object {
    const { code, message, status } = this;
    return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  }
}

export const trialRefusal = (): RestError =>
  new RestError(400, 10_002, 'Trial accounts do not support the feature you tried to use');

export const notFound = (path: string): RestError =>
  new RestError(404, 20_404, `The requested resource ${path} was not found`);
