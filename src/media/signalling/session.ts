import { WebSocket } from 'ws';
import type { Clock, Log, MeetingPerson, RoomOptions } from '../../core/ports.ts';
import { Refused } from '../refused.ts';
import { openRequestChannel } from '../request-channel.ts';
import {
  CONSENT_FIRST,
  HOST_ONLY,
  LINK_EXPIRED,
  MEETING_ENDED,
  PERSON_LEFT,
  REMOVED_BY_HOST,
} from '../sentences.ts';
import { CLOSE, JOIN_WITHIN_MS, REQUEST_LIMIT } from './limits.ts';
import type { Meeting } from './meeting.ts';
import {
  type Done,
  type JoinResponse,
  type Notification,
  type Request,
  type RequestName,
  type RequestOf,
  type Responses,
  requestSchema,
  type Transcript,
} from './messages.ts';
import { type Participant, resume, viewOf } from './participant.ts';

/** Whom a link into a meeting let in, and how. */
export interface Visitor {
  readonly person: MeetingPerson;
  /** Which of their browsers; null when it is unknown. */
  readonly browser: string | null;
  /** The link has expired: the person can only resume, with a token. */
  readonly mustResume: boolean;
}

type Handlers = {
  readonly [R in RequestName]: (request: RequestOf<R>) => Responses[R] | Promise<Responses[R]>;
};

const DONE: Done = {};

/** Serves one page on `ws`, whose link was verified. Every request it may send has a handler here. */
export const serveSession = (options: {
  readonly ws: WebSocket;
  readonly visitor: Visitor;
  readonly meeting: Meeting;
  readonly clock: Clock;
  readonly log: Log;
}): void => {
  const { ws, visitor, meeting, clock, log } = options;
  const { roster, media, phones, host } = meeting;
  const { person } = visitor;
  // Verifying a link takes a while, in which the page may have closed. Its channel would be kept for ever.
  if (ws.readyState === WebSocket.CLOSED) return;
  let joined: Participant | null = null;

  const self = (): Participant => {
    if (joined === null) throw new Refused('wrong-order', { reason: 'not joined yet' });
    return joined;
  };
  const peer = () => media.peerOf(self());
  const requireHost = (): void => {
    self();
    if (!person.host) throw new Refused('not-allowed', { sentence: HOST_ONLY });
  };
  const participantOf = (peerId: string): Participant => {
    const participant = roster.participants.get(peerId);
    if (participant === undefined) throw new Refused('not-found', { sentence: PERSON_LEFT });
    return participant;
  };

  const handlers: Handlers = {
    join(request) {
      if (joined !== null) throw new Refused('wrong-order', { reason: 'joined already' });
      const { participant, resumed } = join(request);
      joined = participant;
      cancelTimeout();
      return joinResponse(meeting, participant, resumed);
    },
    consent({ accepted }) {
      meeting.setConsent(self(), accepted);
      return DONE;
    },

    async createTransport({ direction }) {
      const transport = await (await media.openPeer(self())).createTransport(direction);
      const { id: transportId, iceParameters, iceCandidates, dtlsParameters } = transport;
      return { transportId, iceParameters, iceCandidates, dtlsParameters };
    },
    async connectTransport({ transportId, dtlsParameters }) {
      await peer().connectTransport(transportId, dtlsParameters);
      return DONE;
    },
    restartIce: async ({ transportId }) => ({ iceParameters: await peer().restartIce(transportId) }),
    async produce({ source, rtpParameters, paused }) {
      if (source === 'microphone' && !self().consented) {
        throw new Refused('no-consent', { sentence: CONSENT_FIRST });
      }
      const { producer } = await media.produce(self(), { source, rtpParameters, paused });
      return { producerId: producer.id };
    },
    async pauseProducer({ producerId }) {
      await media.setProducerPaused(self(), producerId, true);
      return DONE;
    },
    async resumeProducer({ producerId }) {
      await media.setProducerPaused(self(), producerId, false);
      return DONE;
    },
    closeProducer({ producerId }) {
      peer().closeProducer(producerId);
      return DONE;
    },
    async resumeConsumer({ consumerId }) {
      await peer().setConsumerPaused(consumerId, false);
      return DONE;
    },
    async pauseConsumer({ consumerId }) {
      await peer().setConsumerPaused(consumerId, true);
      return DONE;
    },
    async setLayers({ consumerId, spatialLayer, temporalLayer }) {
      await peer().setLayers(consumerId, {
        spatialLayer,
        ...(temporalLayer === undefined ? {} : { temporalLayer }),
      });
      return DONE;
    },

    raiseHand({ raised }) {
      const participant = self();
      if (participant.handRaised !== raised) {
        participant.handRaised = raised;
        roster.notifyUpdated(participant);
      }
      return DONE;
    },
    captionsWanted({ wanted }) {
      self().captionsWanted = wanted;
      return DONE;
    },
    getTranscript({ since }) {
      self();
      return transcriptResponse(meeting.room.transcript(since));
    },
    async addPhone({ number }) {
      await phones.request(self(), number);
      return DONE;
    },
    hangUpPhone({ legId }) {
      phones.requestHangUp(self(), legId);
      return DONE;
    },
    leave() {
      const participant = self();
      // Leaving closes the channel, so the response goes first.
      setImmediate(() => meeting.leave(participant));
      return DONE;
    },

    ping: () => DONE,

    async mutePeer({ peerId }) {
      requireHost();
      await host.mute(participantOf(peerId), person);
      return DONE;
    },
    async unmutePhone({ peerId }) {
      requireHost();
      await host.unmutePhone(participantOf(peerId));
      return DONE;
    },
    removePeer({ peerId }) {
      requireHost();
      host.remove(participantOf(peerId), person);
      return DONE;
    },
    setCaptions({ on }) {
      requireHost();
      host.switchCaptions(on);
      return DONE;
    },
    end() {
      requireHost();
      setImmediate(() => host.end(person));
      return DONE;
    },
  };

  /**
   * Adds a participant, or resumes an earlier one.
   * @throws Refused `not-allowed` for a removed person, `full`, `wrong-order` when the meeting is over
   */
  const join = ({ rtpCapabilities, resumeToken, transports }: RequestOf<'join'>) => {
    const { browser, mustResume } = visitor;
    if (meeting.isClosed) throw new Refused('wrong-order', { sentence: MEETING_ENDED });
    if (host.hasRemoved(person)) throw new Refused('not-allowed', { sentence: REMOVED_BY_HOST });
    if (mustResume && !roster.isResumeToken(person, resumeToken)) {
      throw new Refused('not-allowed', { sentence: LINK_EXPIRED });
    }
    const earlier = roster.findResumable({ person, browser }, resumeToken);
    if (earlier !== undefined) {
      resume(earlier, { channel, rtpCapabilities, transports });
      roster.notifyUpdated(earlier);
      return { participant: earlier, resumed: true };
    }
    const participant = meeting.addBrowser({ person, browser, channel, rtpCapabilities });
    return { participant, resumed: false };
  };

  const handle = <R extends RequestName>(request: RequestOf<R>): Responses[R] | Promise<Responses[R]> =>
    (handlers[request.request as R] as (request: RequestOf<R>) => Responses[R] | Promise<Responses[R]>)(
      request,
    );

  const channel = openRequestChannel({
    ws,
    schema: requestSchema,
    handle: (request: Request) => handle(request),
    limit: REQUEST_LIMIT,
    closed: () => {
      cancelTimeout();
      if (joined !== null) meeting.channelLost(joined, channel);
    },
    clock,
    log,
  });
  const cancelTimeout = clock.after(JOIN_WITHIN_MS, () => channel.close(CLOSE.timeout, 'No one joined.'));
  const welcome: Notification = { notification: 'welcome', rtpCapabilities: meeting.rtpCapabilities };
  channel.send(JSON.stringify(welcome));
};

const joinResponse = (meeting: Meeting, participant: Participant, resumed: boolean): JoinResponse => {
  const { roster, media, phones, captions, room } = meeting;
  return {
    peerId: participant.peerId,
    resumeToken: participant.resumeToken,
    resumed,
    media: media.kept(participant),
    title: room.title,
    nowMs: room.nowMs(),
    captionsOn: captions.on,
    captionsDelayed: captions.delayed,
    captionsUnsaved: captions.unsaved,
    consented: participant.consented,
    captionsWanted: participant.captionsWanted,
    iceServers: meeting.iceServers(participant.person),
    peers: [...roster.participants.values()].map(viewOf),
    mayAddPhone: phones.mayAdd,
    phones: phones.pending,
    captionsStopped: captions.stopped,
    call: meeting.call,
  };
};

/** Pages number parties as captions do, and need no times of single words. */
const transcriptResponse = ({
  lines,
  last,
  more,
  parties,
}: ReturnType<RoomOptions['transcript']>): Transcript => ({
  lines: lines.map(({ party: partyIndex, id, text, startMs, endMs }) => ({
    partyIndex,
    id,
    text,
    startMs,
    endMs,
  })),
  last,
  more,
  parties: parties.map(({ name }, partyIndex) => ({ partyIndex, name })),
});
