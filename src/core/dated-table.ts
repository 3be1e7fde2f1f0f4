/** Numbers over time, of one asset or of several: what readers of files make, and studies of history are made from. */
export interface DatedTable {
  /** File that it was read from, for messages. */
  readonly source: string;
  readonly assets: readonly DatedColumns[];
  /** Rows that were left out because a cell was blank. */
  readonly blankRows: number;
}

/** The rows of one asset, in order of time. */
export interface DatedColumns {
  /** As the file calls it; empty where it tells none apart. */
  readonly asset: string;
  /** Since 1970, strictly increasing; a day that stands alone is its last second. */
  readonly seconds: Readonly<Float64Array>;
  /** One array per column, by the name that the layout gives it; all finite. */
  readonly columns: Readonly<Record<string, Readonly<Float64Array>>>;
}
