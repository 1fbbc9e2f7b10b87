import type { OpenView } from '../control/contract.ts';

/** A modal as the page and the commands get it. */
export const openView = (
  view: Record<string, unknown> & { id: string; hash: string },
  errors?: Record<string, string>,
): OpenView => ({ id: view.id, hash: view.hash, view, ...(errors === undefined ? {} : { errors }) });
