import express, { type Request, type RequestHandler, Router } from 'express';
import type { Log } from '../../../src/core/ports.ts';
import { ControlError, controlErrors } from '../../common/control/errors.ts';
import { parseRequest } from '../../common/control/parse-request.ts';
import { type ClipLibrary, unknownClip } from '../audio/clip-library.ts';
import { BYTES_PER_MS } from '../audio/mulaw.ts';
import { wavOf } from '../audio/wav.ts';
import type { Calls } from '../call/calls.ts';
import type { Handset } from '../handset/handset.ts';
import type { Handsets } from '../handset/handsets.ts';
import type { HandsetCall } from '../live-call.ts';
import type { Account } from '../options.ts';
import type { PhoneFault, PhonesState, WebhookRecord } from './contract.ts';
import { dialIn } from './dial-in.ts';
import * as requests from './requests.ts';
import { phoneView } from './state.ts';

/** An hour, whatever its format. */
const MAX_CLIP_SIZE = '512mb';

/** `/control/phones`: see `contract.ts`. */
export const createControlRouter = (network: {
  account: Account;
  handsets: Handsets;
  clips: ClipLibrary;
  calls: Pick<Calls, 'receive'>;
  webhooks: { records(): readonly WebhookRecord[] };
  faults: { list(): readonly PhoneFault[] };
  state: () => PhonesState;
  onChange: () => void;
  log: Log;
}): Router => {
  const { handsets, clips, onChange } = network;
  const router = Router();
  const json = express.json({ limit: '64kb', type: () => true });
  const bytes = express.raw({ limit: MAX_CLIP_SIZE, type: () => true });
  const answer =
    (work: (request: Request) => object | Promise<object>): RequestHandler =>
    async (request, response) => {
      response.json(await work(request));
    };
  const handsetFor = (request: Request): Handset =>
    handsets.at(parseRequest(requests.phoneNumber, request.params.number));
  const onPhone = (work: (handset: Handset, request: Request) => object | Promise<object>): RequestHandler =>
    answer((request) => work(handsetFor(request), request));

  router.get('/', answer(network.state));
  router.get(
    '/webhooks',
    answer((): { webhooks: readonly WebhookRecord[]; faults: readonly PhoneFault[] } => ({
      webhooks: network.webhooks.records(),
      faults: network.faults.list(),
    })),
  );
  router.put(
    '/recordings',
    bytes,
    answer(async ({ query, body }) => {
      const { name } = parseRequest(requests.recordingQuery, query);
      const mulaw = await clips.keep(name, bodyOf(body));
      onChange();
      return { name, durationMs: mulaw.length / BYTES_PER_MS };
    }),
  );
  router.put(
    '/:number',
    json,
    onPhone((handset, { body }) => {
      const { behaviour, owner } = parseRequest(requests.phoneSetting, body);
      if (behaviour.type === 'answer') {
        const unknown = behaviour.turns.find((turn) => !clips.has(turn));
        if (unknown !== undefined) throw new ControlError(404, unknownClip(unknown));
      }
      handset.behaviour = behaviour;
      if (owner !== undefined) handset.owner = owner;
      onChange();
      return phoneView(handset);
    }),
  );
  router.post(
    '/:number/call',
    json,
    onPhone((handset, { body }) => {
      const dialled = parseRequest(requests.callRequest, body);
      dialIn(network.account, network.calls, handset, dialled);
      return phoneView(handset);
    }),
  );
  router.post(
    '/:number/answer',
    onPhone((handset) => {
      const call = callOf(handset);
      if (call.record.status !== 'ringing' || call.record.direction === 'inbound') {
        throw new ControlError(409, 'This phone is not ringing.');
      }
      call.answer();
      return phoneView(handset);
    }),
  );
  router.post(
    '/:number/hang-up',
    onPhone((handset) => {
      callOf(handset).hangUp();
      return phoneView(handset);
    }),
  );
  router.post(
    '/:number/keys',
    json,
    onPhone((handset, { body }) => {
      const { keys } = parseRequest(requests.keysRequest, body);
      answeredCallOf(handset).press(keys);
      return phoneView(handset);
    }),
  );
  router.put(
    '/:number/speak',
    bytes,
    onPhone(async (handset, { query, body }) => {
      answeredCallOf(handset);
      const wanted = parseRequest(requests.speakQuery, query);
      const mulaw =
        'sample' in wanted ? await clips.get(wanted.sample) : await clips.keep(wanted.name, bodyOf(body));
      answeredCallOf(handset);
      handset.speech.push(mulaw);
      onChange();
      return { durationMs: mulaw.length / BYTES_PER_MS };
    }),
  );
  const audio =
    (of: (handset: Handset) => Uint8Array): RequestHandler =>
    (request, response) => {
      const wav = wavOf([of(handsetFor(request))]);
      response.set('cache-control', 'no-store').type('audio/wav').send(wav);
    };
  router.get(
    '/:number/received.wav',
    audio((handset) => handset.receivedAudio()),
  );
  router.get(
    '/:number/sent.wav',
    audio((handset) => handset.sentAudio()),
  );
  router.use((_request, response) => {
    response.status(404).json({ error: 'There is nothing at this address.' });
  });
  router.use(controlErrors('phone network', network.log));
  return router;
};

const callOf = (handset: Handset): HandsetCall => {
  if (handset.call === null) throw new ControlError(409, 'This phone is not in a call.');
  return handset.call;
};

const answeredCallOf = (handset: Handset): HandsetCall => {
  const call = callOf(handset);
  if (call.audio === null) throw new ControlError(409, 'This call has not been answered.');
  return call;
};

const bodyOf = (body: unknown): Buffer => {
  if (Buffer.isBuffer(body) && body.length > 0) return body;
  throw new ControlError(400, 'Send the recording as the body of the request.');
};
