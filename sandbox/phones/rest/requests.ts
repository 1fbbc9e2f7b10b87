import { z } from 'zod';
import type { CallbackTarget, CallRequest, RecordingRequest, TwimlSource } from '../call/record.ts';
import { RestError } from './errors.ts';

/** Forms of the REST API. A repeated name is a list where one is allowed; elsewhere the last one counts. */
const one = z.union([z.string(), z.array(z.string()).transform((all) => all.at(-1)!)]);
const text = one.optional();
const list = z.union([z.string().transform((value) => [value]), z.array(z.string())]).optional();
const method = one.pipe(z.enum(['GET', 'POST'])).default('POST');
const seconds = (least: number, most: number, otherwise: number) =>
  one.transform(Number).pipe(z.number().int().min(least).max(most)).default(otherwise);

const callForm = z.object({
  To: text,
  From: text,
  Url: text,
  Method: method,
  FallbackUrl: text,
  FallbackMethod: method,
  Twiml: text,
  StatusCallback: text,
  StatusCallbackMethod: method,
  StatusCallbackEvent: list,
  Timeout: seconds(1, 600, 60),
  // Longer ones are for accounts that asked for them.
  TimeLimit: seconds(1, 14_400, 14_400),
  MachineDetection: one.pipe(z.enum(['Enable', 'DetectMessageEnd'])).optional(),
  AsyncAmd: one.pipe(z.enum(['true', 'false'])).default('false'),
  AsyncAmdStatusCallback: text,
  AsyncAmdStatusCallbackMethod: method,
  Record: one.pipe(z.enum(['true', 'false'])).default('false'),
  RecordingChannels: one.pipe(z.enum(['mono', 'dual'])).default('mono'),
  RecordingStatusCallback: text,
  RecordingStatusCallbackMethod: method,
  // Several are one value with spaces.
  RecordingStatusCallbackEvent: one.default('completed'),
  Trim: one.pipe(z.enum(['trim-silence', 'do-not-trim'])).default('trim-silence'),
});

/** Twilio's limit of TwiML in a request. */
const MAX_TWIML_LENGTH = 4000;

/** `POST Calls.json`. Throws `RestError`. */
export const callRequestOf = (body: unknown, ownNumber: string): CallRequest => {
  const form = parseForm(callForm, body);
  const { From: from, To: to } = form;
  if (to === undefined || to === '') throw new RestError(400, 21_201, "No 'To' number is specified");
  if (from === undefined || from === '') throw new RestError(400, 21_213, "No 'From' number is specified");
  if (!/^\+[1-9]\d{6,14}$/.test(to)) {
    throw new RestError(400, 21_211, `The phone number you are attempting to call, ${to}, is not valid.`);
  }
  if (from !== ownNumber) {
    throw new RestError(
      400,
      21_210,
      `The source phone number provided, ${from}, is not yet verified for your account.`,
    );
  }
  const source = sourceOf(form);
  if (source === null) throw new RestError(400, 21_205, 'Url parameter is required.');
  return {
    to,
    from,
    source,
    statusCallback: statusCallbackOf(form),
    ringTimeoutMs: form.Timeout * 1000,
    timeLimitMs: form.TimeLimit * 1000,
    detection:
      form.MachineDetection === undefined
        ? null
        : {
            mode: form.MachineDetection,
            callback:
              form.AsyncAmd === 'true'
                ? target(form.AsyncAmdStatusCallback, form.AsyncAmdStatusCallbackMethod, 21_609)
                : null,
          },
    record: form.Record === 'true' ? recordingRequest(form, 'OutboundAPI') : null,
  };
};

const updateForm = callForm.extend({ Status: one.pipe(z.enum(['completed', 'canceled'])).optional() });

/** `POST Calls/SID.json`. */
export const callUpdateOf = (
  body: unknown,
): {
  status: 'completed' | 'canceled' | undefined;
  source: TwimlSource | null;
  statusCallback: CallRequest['statusCallback'];
} => {
  const form = parseForm(updateForm, body);
  return { status: form.Status, source: sourceOf(form), statusCallback: statusCallbackOf(form) };
};

/** `POST Calls/SID/Recordings.json`. */
export const recordingRequestOf = (body: unknown): RecordingRequest =>
  recordingRequest(parseForm(callForm, body), 'StartCallRecordingAPI');

const recordingUpdate = z.object({ Status: one.pipe(z.enum(['stopped', 'paused', 'in-progress'])) });

/** `POST Calls/SID/Recordings/SID.json`. */
export const recordingUpdateOf = (body: unknown): 'stopped' | 'paused' | 'in-progress' =>
  parseForm(recordingUpdate, body).Status;

type CallForm = z.infer<typeof callForm>;

const sourceOf = (form: CallForm): TwimlSource | null => {
  if (form.Twiml !== undefined) {
    if (form.Twiml.length > MAX_TWIML_LENGTH) {
      throw new RestError(400, 21_619, `Twiml must be at most ${MAX_TWIML_LENGTH} characters.`);
    }
    return { twiml: form.Twiml };
  }
  const document = target(form.Url, form.Method, 21_205);
  const fallback = target(form.FallbackUrl, form.FallbackMethod, 21_205);
  return document === null ? null : { ...document, ...(fallback === null ? {} : { fallback }) };
};

const statusCallbackOf = (form: CallForm): CallRequest['statusCallback'] => {
  const callback = target(form.StatusCallback, form.StatusCallbackMethod, 21_609);
  // Several names in one value are accepted and match nothing, as at Twilio (warning 21626).
  return callback === null ? null : { ...callback, events: form.StatusCallbackEvent ?? ['completed'] };
};

const recordingRequest = (form: CallForm, source: RecordingRequest['source']): RecordingRequest => {
  const callback = target(form.RecordingStatusCallback, form.RecordingStatusCallbackMethod, 21_609);
  const events = form.RecordingStatusCallbackEvent.split(' ');
  return {
    channels: form.RecordingChannels === 'dual' ? 2 : 1,
    trim: form.Trim === 'trim-silence',
    callback: callback === null ? null : { ...callback, events },
    source,
  };
};

const target = (url: string | undefined, how: 'GET' | 'POST', code: number): CallbackTarget | null => {
  if (url === undefined || url === '') return null;
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new RestError(400, code, `Url is not a valid URL: ${url}`);
  }
  return { url, method: how };
};

const parseForm = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [fault] = parsed.error.issues;
  throw new RestError(400, 20_001, `Invalid parameter ${fault?.path.join('.')}: ${fault?.message}`);
};
