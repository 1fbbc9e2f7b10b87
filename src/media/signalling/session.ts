import { WebSocket } from 'ws';
import type { Log } from '../../core/ports.ts';
import { Refused } from '../refused.ts';
import { openChannel } from './channel.ts';
import { CLOSE, JOIN_WITHIN_MS } from './limits.ts';
import type { Meeting } from './meeting.ts';
import type { Done, Notification, Request, RequestName, RequestOf, Responses } from './messages.ts';
import { type Identity, type Participant, viewOf } from './participant.ts';

type Handlers = {
  readonly [A in RequestName]: (asked: RequestOf<A>) => Responses[A] | Promise<Responses[A]>;
};

const DONE: Done = {};

/**
 * Serves one page on `ws`, whose link was checked already and said who it is. Everything the page may ask is here,
 * one entry each; what does not fit the moment is refused with a sentence.
 */
export const serveSession = (options: {
  readonly ws: WebSocket;
  readonly identity: Identity;
  readonly meeting: Meeting;
  readonly log: Log;
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly joinWithinMs?: number;
  readonly pingEveryMs?: number;
}): void => {
  const { ws, identity, meeting, log, nowMs } = options;
  // It takes a while to be let in. Whoever has left by then closes nothing any more, and a line would be kept for ever.
  if (ws.readyState === WebSocket.CLOSED) return;
  let mine: Participant | null = null;

  const here = (): Participant => {
    if (mine === null) throw new Refused('wrong-order', 'Join the meeting first.');
    return mine;
  };
  const media = () => meeting.media.of(here());
  const asHost = (): Participant => {
    const place = here();
    if (!identity.host) throw new Refused('not-allowed', 'Only the host of this meeting may do that.');
    return place;
  };
  const other = (peerId: string): Participant => {
    const place = meeting.places.get(peerId);
    if (place === undefined) throw new Refused('not-found', 'That person is not here any more.');
    return place;
  };

  const handlers: Handlers = {
    join({ rtpCapabilities, resumeToken, transports }) {
      if (mine !== null) throw new Refused('wrong-order', 'You are in this meeting already.');
      const { place, resumed } = meeting.join({
        line,
        identity,
        rtpCapabilities,
        resumeToken,
        transports,
      });
      mine = place;
      clearTimeout(joinTimer);
      return {
        peerId: place.peerId,
        resumeToken: place.resumeToken,
        resumed,
        media: meeting.media.kept(place),
        title: meeting.title,
        nowMs: meeting.nowMs(),
        captionsOn: meeting.captions.on,
        captionsDelayed: meeting.captions.delayed,
        consented: place.consented,
        captionsWanted: place.captionsWanted,
        iceServers: meeting.iceServers(identity),
        peers: [...meeting.places.values()].map(viewOf),
        mayAddPhone: meeting.phones.mayAsk,
        phones: meeting.phones.outside,
        captionsStopped: meeting.captions.stopped,
      };
    },
    consent({ accepted }) {
      meeting.setConsent(here(), accepted);
      return DONE;
    },

    async createTransport({ direction }) {
      const transport = await (await meeting.media.fresh(here())).createTransport(direction);
      const { id: transportId, iceParameters, iceCandidates, dtlsParameters } = transport;
      return { transportId, iceParameters, iceCandidates, dtlsParameters };
    },
    async connectTransport({ transportId, dtlsParameters }) {
      await media().connectTransport(transportId, dtlsParameters);
      return DONE;
    },
    async restartIce({ transportId }) {
      return { iceParameters: await media().restartIce(transportId) };
    },
    async produce({ source, rtpParameters, paused }) {
      if (source === 'microphone' && !here().consented) {
        throw new Refused('no-consent', 'Please agree to captions and transcript before you speak.');
      }
      const { producer } = await meeting.media.produce(here(), { source, rtpParameters, paused });
      return { producerId: producer.id };
    },
    async pauseProducer({ producerId }) {
      await meeting.media.setProducerPaused(here(), producerId, true);
      return DONE;
    },
    async resumeProducer({ producerId }) {
      await meeting.media.setProducerPaused(here(), producerId, false);
      return DONE;
    },
    closeProducer({ producerId }) {
      media().closeProducer(producerId);
      return DONE;
    },
    async resumeConsumer({ consumerId }) {
      await media().setConsumerPaused(consumerId, false);
      return DONE;
    },
    async pauseConsumer({ consumerId }) {
      await media().setConsumerPaused(consumerId, true);
      return DONE;
    },
    async setLayers({ consumerId, spatialLayer, temporalLayer }) {
      await media().setLayers(consumerId, {
        spatialLayer,
        ...(temporalLayer === undefined ? {} : { temporalLayer }),
      });
      return DONE;
    },

    raiseHand({ raised }) {
      const place = here();
      if (place.handRaised !== raised) {
        place.handRaised = raised;
        meeting.updated(place);
      }
      return DONE;
    },
    captionsWanted({ wanted }) {
      here().captionsWanted = wanted;
      return DONE;
    },
    getTranscript({ since }) {
      here();
      return meeting.transcript(since);
    },
    async addPhone({ number }) {
      await meeting.phones.ask(here(), number);
      return DONE;
    },
    hangUpPhone({ legId }) {
      meeting.phones.askToHangUp(here(), legId);
      return DONE;
    },
    leave() {
      const place = here();
      // After the answer is on its way, since leaving closes the line.
      setImmediate(() => meeting.leave(place));
      return DONE;
    },

    ping: () => DONE,

    async mutePeer({ peerId }) {
      asHost();
      await meeting.mute(other(peerId), identity);
      return DONE;
    },
    async unmutePhone({ peerId }) {
      asHost();
      await meeting.unmutePhone(other(peerId));
      return DONE;
    },
    removePeer({ peerId }) {
      const target = other(peerId);
      if (target.identity.personId === asHost().identity.personId) {
        throw new Refused('bad-request', 'You cannot remove yourself. Leave, or end the meeting for all.');
      }
      meeting.remove(target, identity);
      return DONE;
    },
    setCaptions({ on }) {
      asHost();
      meeting.switchCaptions(on, identity);
      return DONE;
    },
    end() {
      asHost();
      setImmediate(() => meeting.end(identity));
      return DONE;
    },
  };

  const handle = <A extends RequestName>(asked: RequestOf<A>): Responses[A] | Promise<Responses[A]> =>
    (handlers[asked.request as A] as (asked: RequestOf<A>) => Responses[A] | Promise<Responses[A]>)(asked);

  const line = openChannel({
    ws,
    handle: (asked: Request) => handle(asked),
    closed: () => {
      clearTimeout(joinTimer);
      if (mine !== null) meeting.lineLost(mine, line);
    },
    log,
    nowMs,
    ...(options.pingEveryMs === undefined ? {} : { pingEveryMs: options.pingEveryMs }),
  });
  const joinTimer = setTimeout(
    () => line.close(CLOSE.timeout, 'Nobody joined.'),
    options.joinWithinMs ?? JOIN_WITHIN_MS,
  );
  joinTimer.unref();
  const welcome: Notification = { notification: 'welcome', rtpCapabilities: meeting.rtpCapabilities };
  line.write(JSON.stringify(welcome));
};
