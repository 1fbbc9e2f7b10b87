import type { JoinResponse } from '../../media/signalling/messages.ts';
import type { Channel } from './channel.ts';
import type { Store } from './store.ts';

/**
 * What somebody wishes for themselves and the server is told. The state has the wish and not the answer: while the line
 * is broken it changes all the same, and the line that follows is told what is wished by then, not each click.
 */
export interface DesiredState {
  /** To captions and transcript, of what one says. */
  readonly consent: (accepted: boolean) => Promise<void>;
  readonly raiseHand: (raised: boolean) => Promise<void>;
  readonly wantCaptions: (wanted: boolean) => Promise<void>;
  /** Tells a new line whatever its server thinks otherwise. @throws Refused, LineLost */
  readonly tellAgain: (line: Channel, server: JoinResponse) => Promise<void>;
}

export const createDesiredState = (options: {
  readonly store: Store;
  /** Asks the server if the line is open; a refusal is shown, and a broken line is known already. */
  readonly ask: (work: (line: Channel) => Promise<unknown>) => Promise<void>;
  /** Reads what was said before, or while one did not want to read. */
  readonly catchUp: (line: Channel) => Promise<void>;
  /** Ends what may not be sent without consent. */
  readonly endMicrophone: () => Promise<void>;
}): DesiredState => {
  const { ask, catchUp } = options;
  const { dispatch, get } = options.store;
  return {
    async consent(accepted) {
      // From now on, whatever becomes of the line.
      dispatch({ type: 'consented', accepted });
      const told = ask((line) => line.request('consent', { accepted }));
      if (!accepted) await options.endMicrophone();
      await told;
    },
    raiseHand(raised) {
      dispatch({ type: 'hand', raised });
      return ask((line) => line.request('raiseHand', { raised }));
    },
    wantCaptions(wanted) {
      dispatch({ type: 'captions-wanted', wanted });
      return ask(async (line) => {
        await line.request('captionsWanted', { wanted });
        if (wanted) await catchUp(line);
      });
    },
    async tellAgain(line, server) {
      const { consented, captionsWanted, handRaised } = get();
      const raisedThere = server.peers.some((peer) => peer.peerId === server.peerId && peer.handRaised);
      // All at once: the server answers in order, so that consent is there before any microphone.
      await Promise.all([
        server.consented !== consented && line.request('consent', { accepted: consented }),
        server.captionsWanted !== captionsWanted &&
          line.request('captionsWanted', { wanted: captionsWanted }),
        raisedThere !== handRaised && line.request('raiseHand', { raised: handRaised }),
      ]);
    },
  };
};
