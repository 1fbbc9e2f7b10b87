import { type RequestHandler, Router } from 'express';
import type { Failures } from '../../common/failures.ts';
import { recordAt } from '../call/record.ts';
import type { Recording } from '../call/recording.ts';
import type { Recordings } from '../call/recordings.ts';
import type { PhoneFailure } from '../failures.ts';
import type { CustomerCalls } from '../live-call.ts';
import { notFound, RestError, trialRefusal } from './errors.ts';
import { pageOf } from './page.ts';
import { recordingRequestOf, recordingUpdateOf } from './requests.ts';
import { callRecordingResource, recordingResource } from './shapes.ts';

/** In place of an id: the recording that runs. */
const CURRENT = 'Twilio.CURRENT';

const internalError = (): RestError => new RestError(500, 20_500, 'An internal server error has occurred');

/** @see https://www.twilio.com/docs/voice/api/recording */
export const createRecordingRoutes = (
  account: { readonly accountSid: string; readonly apiUrl: () => string },
  network: {
    readonly calls: CustomerCalls;
    readonly recordings: Recordings;
    readonly failures: Failures<PhoneFailure>;
    /** Of when this API knows calls and recordings. */
    readonly seenAtMs: () => number;
  },
): Router => {
  const { calls, recordings, failures, seenAtMs } = network;
  const router = Router();
  const shape = (recording: Recording): object =>
    recordingResource(account.accountSid, recording, account.apiUrl());
  const shapeInCall = (recording: Recording): object => callRecordingResource(account.accountSid, recording);
  const find = (path: string, { sid, callSid }: { sid: string; callSid?: string }): Recording => {
    const found =
      sid === CURRENT
        ? recordings
            .list(callSid ?? '')
            .findLast(({ status }) => status === 'in-progress' || status === 'paused')
        : recordings.get(sid);
    if (found === undefined || (callSid !== undefined && found.callSid !== callSid)) throw notFound(path);
    return found;
  };

  router.post('/Calls/:callSid/Recordings.json', (request, response) => {
    const call = calls.get(request.params.callSid);
    if (call === undefined) throw notFound(request.originalUrl);
    const wanted = recordingRequestOf(request.body);
    if (failures.isOn('phone-trial-account')) throw trialRefusal();
    const isSeenAnswered = recordAt(call.record, seenAtMs()).status === 'in-progress';
    if (call.record.status !== 'in-progress' || !isSeenAnswered) {
      throw new RestError(400, 21_220, 'Requested resource is not eligible for recording');
    }
    response.status(201).json({ ...shapeInCall(recordings.start(call, wanted)), status: 'in-progress' });
  });
  router.post('/Calls/:callSid/Recordings/:sid.json', (request, response) => {
    const recording = find(request.originalUrl, request.params);
    const next = recordingUpdateOf(request.body);
    if (recording.status !== 'in-progress' && recording.status !== 'paused') {
      throw new RestError(400, 21_220, 'Recording is not in a state in which it can be changed');
    }
    if (next === 'stopped' && failures.shouldFail('phone-recording-stop-fails')) throw internalError();
    recording.setStatus(next);
    // Twilio answers with the requested status, before it reports that the file is processed.
    response.json({ ...shapeInCall(recording), status: next });
  });
  const list: RequestHandler<{ callSid?: string }> = (request, response) => {
    const callSid = request.params.callSid ?? (request.query.CallSid as string | undefined) ?? null;
    const path = `${request.baseUrl}${request.path}`;
    const isListed = ({ createdAtMs }: Recording): boolean => createdAtMs <= seenAtMs();
    const found = recordings.list(callSid).filter(isListed).reverse();
    const shapeOf = request.params.callSid === undefined ? shape : shapeInCall;
    response.json(pageOf('recordings', found, { path, query: request.query, shape: shapeOf }));
  };
  router.get('/Recordings.json', list);
  router.get('/Calls/:callSid/Recordings.json', list);

  const fetchOne: RequestHandler<{ sid: string; callSid?: string }> = (request, response) => {
    const recording = find(request.originalUrl, request.params);
    response.json((request.params.callSid === undefined ? shape : shapeInCall)(recording));
  };
  const remove: RequestHandler<{ sid: string; callSid?: string }> = (request, response) => {
    const recording = find(request.originalUrl, request.params);
    if (recording.status !== 'completed' && recording.status !== 'absent') {
      throw new RestError(400, 20_009, 'Cannot delete this resource before it is complete');
    }
    if (failures.shouldFail('phone-recording-delete-fails')) throw internalError();
    recordings.remove(recording.sid);
    response.status(204).end();
  };
  for (const path of ['/Recordings/:sid.json', '/Calls/:callSid/Recordings/:sid.json']) {
    router.get(path, fetchOne as RequestHandler<object>);
    router.delete(path, remove as RequestHandler<object>);
  }

  /** The audio: `.wav`, which is also what an address without an extension gives. */
  const audio: RequestHandler<{ sid: string }> = (request, response) => {
    const recording = find(request.originalUrl, request.params);
    const { download, request: wanted } = recording;
    if (!download.failed && failures.shouldFail('phone-recording-404')) {
      download.failed = true;
      throw notFound(request.originalUrl);
    }
    const isDual = request.query.RequestedChannels === '2';
    if (isDual && wanted.channels === 1) {
      throw new RestError(400, 16_113, 'Cannot download a dual-channel presentation of a mono recording');
    }
    const swapped = failures.shouldFail('phone-recording-channels-swapped');
    const wav = recording.wav(isDual ? 2 : 1, { swapped });
    if (wav === null) throw notFound(request.originalUrl);
    response.type('audio/x-wav').send(wav);
  };
  router.get('/Recordings/:sid.wav', audio);
  router.get('/Recordings/:sid', audio);
  return router;
};
