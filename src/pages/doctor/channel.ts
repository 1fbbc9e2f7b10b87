import type {
  ProbeAnswer,
  ProbeAnswers,
  ProbeAsk,
  ProbeRequestOf,
} from '../../media/connectivity/messages.ts';

/** The page's end of the socket over which ways are tried. It is not made anew: a lost one is a result. */
export interface ProbeChannel {
  /** @throws Error with a sentence: the server refused, said nothing for too long, or is gone */
  ask<A extends ProbeAsk>(ask: A, data: Omit<ProbeRequestOf<A>, 'id' | 'ask'>): Promise<ProbeAnswers[A]>;
  /** Idempotent. */
  close(): void;
}

const ANSWER_WITHIN_MS = 8_000;

/** Resolves once the socket is open. @throws Error with a sentence when it does not open */
export const openProbeChannel = async (url: string): Promise<ProbeChannel> => {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (answer: ProbeAnswer) => void>();
  let asked = 0;

  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  const { promise: lost, reject: lose } = Promise.withResolvers<never>();
  lost.catch(() => {});
  const opening = setTimeout(() => reject(new Error('it did not open in time')), ANSWER_WITHIN_MS);
  socket.addEventListener('open', () => resolve());
  socket.addEventListener('close', ({ code, reason }) => {
    const why = new Error(`it closed (${code}${reason === '' ? '' : `: ${reason}`})`);
    reject(why);
    lose(why);
  });
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as ProbeAnswer;
    waiting.get(answer.answer)?.(answer);
    waiting.delete(answer.answer);
  });
  try {
    await opened;
  } catch (error) {
    socket.close();
    throw error;
  } finally {
    clearTimeout(opening);
  }

  return {
    async ask(ask, data) {
      asked += 1;
      const id = asked;
      const { promise: late, reject: tooLate } = Promise.withResolvers<never>();
      const timer = setTimeout(() => tooLate(new Error('no answer in time')), ANSWER_WITHIN_MS);
      const answered = new Promise<ProbeAnswer>((done) => waiting.set(id, done));
      socket.send(JSON.stringify({ id, ask, ...data }));
      try {
        const answer = await Promise.race([answered, late, lost]);
        if (!answer.ok) throw new Error(answer.sentence);
        return answer.data as ProbeAnswers[typeof ask];
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    close: () => socket.close(),
  };
};
