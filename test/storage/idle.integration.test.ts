import { Client } from 'pg';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { until } from '../support/until.ts';
import { createPlaces, type Places, SIZES } from './support/places.ts';
import { watchedHandlers } from './support/samples.ts';

describe.each(SIZES)('an idle instance (%s)', (size) => {
  let places: Places;
  beforeAll(async () => {
    places = await createPlaces(size);
  });
  afterAll(() => places.close());

  test('sends one query for all its workers, every few seconds', async () => {
    const storage = await (await places.create()).open();
    const { handlers } = watchedHandlers();
    const query = vi.spyOn(Client.prototype, 'query');
    const texts = (): readonly string[] =>
      query.mock.calls.map(([statement]: readonly unknown[]) =>
        typeof statement === 'string' ? statement : String((statement as { text?: string }).text),
      );
    const polls = (): number => texts().filter((text) => text.includes('lease_expired')).length;
    try {
      await storage.queue.work(handlers, { concurrency: 2 });
      // Checks of the listening connection; pg-boss’s supervision, once a minute, may fall into this time.
      const others = () =>
        texts().filter(
          (text) => !text.includes('lease_expired') && !/(monitor|maintain|monitor_backoff)_on/.test(text),
        );
      // On a busy machine the first polls fall into the start.
      await until(
        async () => {
          query.mockClear();
          await until(() => polls() >= 3);
          return others().length < 2 * polls();
        },
        { what: 'an idle time' },
      );
    } finally {
      query.mockRestore();
    }
  });
});
