import { z } from 'zod';

const DEFAULT_SIZE = 50;
const LARGEST_SIZE = 1000;

const whole = z.coerce.number().int().min(0);
const pageQuery = z.looseObject({
  PageSize: whole.min(1).default(DEFAULT_SIZE),
  Page: whole.default(0),
});

/** One page of a list, as the REST API wraps it. `path` is that of the list, with the version. */
export const pageOf = <Item>(
  key: string,
  items: readonly Item[],
  { path, query, shape }: { path: string; query: unknown; shape: (item: Item) => object },
): object => {
  const { PageSize, Page, ...filters } = pageQuery.parse(query);
  const size = Math.min(PageSize, LARGEST_SIZE);
  const start = Page * size;
  const shown = items.slice(start, start + size);
  const uri = (page: number): string =>
    `${path}?${new URLSearchParams({ ...(filters as Record<string, string>), PageSize: String(size), Page: String(page) }).toString()}`;
  return {
    [key]: shown.map(shape),
    end: Math.max(start, start + shown.length - 1),
    first_page_uri: uri(0),
    next_page_uri: start + size < items.length ? uri(Page + 1) : null,
    page: Page,
    page_size: size,
    previous_page_uri: Page > 0 ? uri(Page - 1) : null,
    start,
    uri: uri(Page),
  };
};
