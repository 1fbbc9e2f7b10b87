import type {
  ProbeRequestName,
  ProbeRequestOf,
  ProbeResponse,
  ProbeResponses,
} from '../../media/connectivity/messages.ts';

/** The page's end of the socket over which ways are tried. It is not made anew: a lost one is a result. */
export interface ProbeChannel {
  /** @throws Error with a sentence: the server refused, said nothing for too long, or is gone */
  request<A extends ProbeRequestName>(
    request: A,
    data: Omit<ProbeRequestOf<A>, 'id' | 'request'>,
  ): Promise<ProbeResponses[A]>;
  /** Idempotent. */
  close(): void;
}

const ANSWER_WITHIN_MS = 8_000;

/** Resolves once the socket is open. @throws Error with a sentence when it does not open */
export const openProbeChannel = async (url: string): Promise<ProbeChannel> => {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (answer: ProbeResponse) => void>();
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
    const answer = JSON.parse(String(data)) as ProbeResponse;
    waiting.get(answer.response)?.(answer);
    waiting.delete(answer.response);
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
    async request(request, data) {
      asked += 1;
      const id = asked;
      const { promise: late, reject: tooLate } = Promise.withResolvers<never>();
      const timer = setTimeout(() => tooLate(new Error('no answer in time')), ANSWER_WITHIN_MS);
      const answered = new Promise<ProbeResponse>((done) => waiting.set(id, done));
      socket.send(JSON.stringify({ id, request, ...data }));
      try {
        const answer = await Promise.race([answered, late, lost]);
        if (!answer.ok) throw new Error(answer.error.sentence);
        return answer.data as ProbeResponses[typeof request];
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    close: () => socket.close(),
  };
};
