/** A pie of talk time, ready to draw: colours, order, grouping of small shares and labels are decided here in core. */
export interface PieChart {
  readonly title: string;
  readonly slices: readonly PieSlice[];
}

export interface PieSlice {
  /** The speaker's name, as given; the renderer shortens what does not fit. */
  readonly label: string;
  readonly speakingMs: number;
  /** 0 to 1. */
  readonly share: number;
  /** CSS hex colour. */
  readonly colour: string;
}
