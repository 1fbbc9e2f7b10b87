/**
 * The database keeps the names of Parley's first release where the program has better ones by now. Reading accepts
 * both; writing keeps to the stored names, because during a rolling update instances of that release read the same
 * rows and take jobs from the same queues. Once no such instance can run, a migration may rename the rows and empty
 * this table: every release since reads the new names.
 */
const STORED_NAMES = {
  conversationState: { transcribed: 'heard', undelivered: 'unposted' },
  legRole: { callee: 'far', caller: 'own', inbound: 'dialled-in' },
  legState: { queued: 'asked' },
  legEnding: { 'room-full': 'no-place' },
  job: { 'reconcile-leg': 'tend-leg' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

type Subject = keyof typeof STORED_NAMES;

/** The name under which the database knows `name`. */
export const toStoredName = (subject: Subject, name: string): string =>
  (STORED_NAMES[subject] as Readonly<Record<string, string>>)[name] ?? name;

/** The program's name for a stored one; unknown names stay as they are. */
export const fromStoredName = (subject: Subject, stored: string): string =>
  Object.entries(STORED_NAMES[subject]).find(([, old]) => old === stored)?.[0] ?? stored;
