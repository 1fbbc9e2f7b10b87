import type { ConversationId } from '../../ids.ts';

/** The right to host a meeting, which one instance has at a time. */
export interface Lease {
  /** One process; another after a restart. */
  readonly holder: string;
  /** Where browsers reach that instance. */
  readonly url: string;
}

export interface LeaseTx {
  /**
   * Takes or renews the lease of a meeting, for `forMs` from now by the database's clock, unless another holder has
   * it; returns whose it is.
   */
  takeLease(id: ConversationId, lease: Lease, forMs: number): Promise<Lease>;
  /** Whose it is or was last. `expiredForMs` is negative while it lasts. */
  lease(id: ConversationId): Promise<(Lease & { readonly expiredForMs: number }) | null>;
  /** Ends it now, if this holder has it. */
  releaseLease(id: ConversationId, holder: string): Promise<void>;
}
