export interface LinkTx {
  /**
   * Gives a link to the browser that opens it first, and returns the browser that has it. Kept for longer than links
   * are valid.
   */
  claimLink(linkId: string, browser: string, atMs: number): Promise<string>;
  /** The browser that has the link; null before one opened it. */
  linkBrowser(linkId: string): Promise<string | null>;
}
