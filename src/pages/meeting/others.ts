import { type Channel, ChannelLost, Refused } from './channel.ts';

/**
 * What one asks of others. It is of the moment: while the line is broken nothing is kept for later, since somebody who
 * is muted half a minute after may be saying what everybody waits for. The person is told instead.
 */
export interface Others {
  readonly mute: (peerId: string) => Promise<void>;
  /** Of a telephone, which cannot itself. */
  readonly unmutePhone: (peerId: string) => Promise<void>;
  readonly remove: (peerId: string) => Promise<void>;
  readonly switchCaptions: (on: boolean) => Promise<void>;
  /** Has a telephone rung into the meeting. Why not, as a sentence; null when it rings. */
  readonly addPhone: (number: string) => Promise<string | null>;
  readonly hangUpPhone: (legId: string) => Promise<void>;
  readonly endForAll: () => Promise<void>;
}

const LOST = 'The connection is lost at the moment. Please try again when it is back.';

/** @param options.line null while it is broken */
export const createOthers = (options: {
  readonly line: () => Channel | null;
  readonly notice: (text: string) => void;
}): Others => {
  /** Why it was not done, as a sentence; null when it was. */
  const problemOf = async (work: (open: Channel) => Promise<unknown>): Promise<string | null> => {
    const open = options.line();
    if (open === null) return LOST;
    try {
      await work(open);
      return null;
    } catch (error) {
      if (error instanceof ChannelLost) return LOST;
      return error instanceof Refused ? error.message : 'That did not work. Please try again.';
    }
  };
  const asked = async (work: (open: Channel) => Promise<unknown>): Promise<void> => {
    const problem = await problemOf(work);
    if (problem !== null) options.notice(problem);
  };
  return {
    mute: (peerId) => asked((open) => open.request('mutePeer', { peerId })),
    unmutePhone: (peerId) => asked((open) => open.request('unmutePhone', { peerId })),
    remove: (peerId) => asked((open) => open.request('removePeer', { peerId })),
    switchCaptions: (on) => asked((open) => open.request('setCaptions', { on })),
    addPhone: (number) => problemOf((open) => open.request('addPhone', { number })),
    hangUpPhone: (legId) => asked((open) => open.request('hangUpPhone', { legId })),
    endForAll: () => asked((open) => open.request('end')),
  };
};
