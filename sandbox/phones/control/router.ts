import express, { type Request, type RequestHandler, Router } from 'express';
import { ControlError, controlErrors } from '../../common/control/errors.ts';
import { parseRequest } from '../../common/control/parse-request.ts';
import { unknownRecording } from '../audio/clip-library.ts';
import { BYTES_PER_MS } from '../audio/mulaw.ts';
import { wavOf } from '../audio/wav.ts';
import { type Call, receiveCall } from '../call/call.ts';
import type { CallOrder } from '../call/record.ts';
import type { Handset } from '../handset/handset.ts';
import type { Network } from '../network.ts';
import type { PhoneFault, WebhookRecord } from './contract.ts';
import * as requests from './requests.ts';
import { phonesState, telephone } from './state.ts';

/** A recording of an hour, whatever its format. */
const LARGEST_RECORDING = '512mb';

/** `/control/phones`: what `control.ts` promises. */
export const createControlRouter = (network: Network, faults: () => readonly PhoneFault[]): Router => {
  const router = Router();
  const json = express.json({ limit: '64kb', type: () => true });
  const bytes = express.raw({ limit: LARGEST_RECORDING, type: () => true });
  const answer =
    (work: (request: Request) => object | Promise<object>): RequestHandler =>
    async (request, response) => {
      response.json(await work(request));
    };
  const onPhone = (work: (handset: Handset, request: Request) => object | Promise<object>): RequestHandler =>
    answer((request) => work(handsetFor(network, request), request));

  router.get(
    '/',
    answer(() => phonesState(network)),
  );
  router.get(
    '/webhooks',
    answer((): { webhooks: readonly WebhookRecord[]; faults: readonly PhoneFault[] } => ({
      webhooks: network.webhooks.records(),
      faults: faults(),
    })),
  );
  router.put(
    '/recordings',
    bytes,
    answer(async ({ query, body }) => {
      const { name } = parseRequest(requests.recordingQuery, query);
      const mulaw = await network.library.keep(name, bodyOf(body));
      network.changed();
      return { name, durationMs: mulaw.length / BYTES_PER_MS };
    }),
  );
  router.put(
    '/:number',
    json,
    onPhone((handset, { body }) => {
      const { behaviour, owner } = parseRequest(requests.phoneSetting, body);
      if (behaviour.type === 'answer') {
        const unknown = behaviour.turns.find((turn) => !network.library.has(turn));
        if (unknown !== undefined) throw new ControlError(404, unknownRecording(unknown));
      }
      handset.behaviour = behaviour;
      if (owner !== undefined) handset.owner = owner;
      network.changed();
      return telephone(handset);
    }),
  );
  router.post(
    '/:number/call',
    json,
    onPhone((handset, { body }) => {
      const { to, keys } = parseRequest(requests.callRequest, body);
      callParley(network, handset, to, keys);
      return telephone(handset);
    }),
  );
  router.post(
    '/:number/answer',
    onPhone((handset) => {
      const call = callOf(handset);
      if (call.record.status !== 'ringing' || call.record.direction === 'inbound') {
        throw new ControlError(409, 'That telephone does not ring.');
      }
      call.answer();
      return telephone(handset);
    }),
  );
  router.post(
    '/:number/hang-up',
    onPhone((handset) => {
      callOf(handset).hangUp();
      return telephone(handset);
    }),
  );
  router.post(
    '/:number/keys',
    json,
    onPhone((handset, { body }) => {
      const { keys } = parseRequest(requests.keysRequest, body);
      talking(handset).press(keys);
      return telephone(handset);
    }),
  );
  router.put(
    '/:number/speak',
    bytes,
    onPhone(async (handset, { query, body }) => {
      talking(handset);
      const wanted = parseRequest(requests.speakQuery, query);
      const mulaw =
        'sample' in wanted
          ? await network.library.get(wanted.sample)
          : await network.library.keep(wanted.name, bodyOf(body));
      talking(handset);
      handset.speech.push(mulaw);
      network.changed();
      return { durationMs: mulaw.length / BYTES_PER_MS };
    }),
  );
  const sound =
    (of: (handset: Handset) => Uint8Array): RequestHandler =>
    (request, response) => {
      const wav = wavOf([of(handsetFor(network, request))]);
      response.set('cache-control', 'no-store').type('audio/wav').send(wav);
    };
  router.get(
    '/:number/heard.wav',
    sound((handset) => handset.heard()),
  );
  router.get(
    '/:number/said.wav',
    sound((handset) => handset.said()),
  );
  router.use((_request, response) => {
    response.status(404).json({ error: 'The telephones have nothing at this address.' });
  });
  router.use(controlErrors('telephone network', network.log));
  return router;
};

const handsetFor = (network: Network, request: Request): Handset =>
  network.handsets.at(parseRequest(requests.phoneNumber, request.params.number));

const callOf = (handset: Handset): Call => {
  if (handset.call === null) throw new ControlError(409, 'That telephone is in no call.');
  return handset.call;
};

/** The call that somebody talks in. */
const talking = (handset: Handset): Call => {
  const call = callOf(handset);
  if (call.audio === null) throw new ControlError(409, 'That call was not answered yet.');
  return call;
};

const bodyOf = (body: unknown): Buffer => {
  if (Buffer.isBuffer(body) && body.length > 0) return body;
  throw new ControlError(400, 'Send the recording as the body of the request.');
};

const LONGEST_CALL_MS = 4 * 60 * 60 * 1000;

const callParley = (network: Network, handset: Handset, to: string, keys: string | undefined): void => {
  const { parleyNumber, incomingUrl, incomingStatusUrl } = network.account;
  if (handset.call !== null) throw new ControlError(409, 'That telephone is in a call already.');
  if (to !== parleyNumber) throw new ControlError(400, `Only ${parleyNumber} can be rung from here.`);
  const url = incomingUrl();
  if (url === null)
    throw new ControlError(409, 'Nobody told the network what to do with calls to this number.');
  const status = incomingStatusUrl?.() ?? null;
  const order: CallOrder = {
    to,
    from: handset.number,
    source: { url, method: 'POST' },
    statusCallback: status === null ? null : { url: status, method: 'POST', events: ['completed'] },
    ringForMs: 0,
    longestMs: LONGEST_CALL_MS,
    detection: null,
    record: null,
  };
  receiveCall(network, handset, order, keys);
};
