import { storable, toJson } from '../../src/storage/json.ts';

/** A table in memory: JSON text by key, as a database keeps it, so that nothing read from it shares an object with it. */
export interface Rows<T> {
  get(key: string): T | undefined;
  set(key: string, row: T): void;
  delete(key: string): void;
  /** In the order in which the keys were first set. */
  all(): readonly (readonly [key: string, row: T])[];
}

const TABLES = [
  'conversation',
  'origin',
  'transcription',
  'speakerNames',
  'delivery',
  'party',
  'removed',
  'captionsOn',
  'line',
  'link',
  'lease',
  'leg',
  'callSettings',
  'ownNumber',
  'pin',
  'wrongPin',
] as const;
export type TableName = (typeof TABLES)[number];

/** What is committed; a transaction works on a copy. */
export type Tables = Readonly<Record<TableName, ReadonlyMap<string, string>>>;
export type DraftTables = Readonly<Record<TableName, Map<string, string>>>;

const mapTables = <T>(of: (name: TableName) => T): Record<TableName, T> =>
  Object.fromEntries(TABLES.map((name) => [name, of(name)])) as Record<TableName, T>;

export const emptyTables = (): Tables => mapTables(() => new Map());
export const draftOf = (tables: Tables): DraftTables => mapTables((name) => new Map(tables[name]));

export const rowsOf = <T>(tables: DraftTables, name: TableName): Rows<T> => {
  const table = tables[name];
  const parse = (json: string): T => JSON.parse(json) as T;
  return {
    get(key) {
      const json = table.get(storable(key));
      return json === undefined ? undefined : parse(json);
    },
    set: (key, row) => void table.set(storable(key), toJson(row)),
    delete: (key) => void table.delete(storable(key)),
    all: () => [...table].map(([key, json]) => [key, parse(json)] as const),
  };
};
