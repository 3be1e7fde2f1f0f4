import { blankRecord, type TraceRecord } from './trace-record.ts';

/** Records in order. */
export interface RecordSource {
  /** Fills in the next record; false at the end. */
  next(into: TraceRecord): boolean;
}

/** Looks ahead in a source of records, as far as is asked for. The objects are used again: copy what is kept. */
export class RecordQueue {
  readonly #source: RecordSource;
  /** The first `#count` of them wait, in order; the others are free. */
  readonly #slots: TraceRecord[] = [];
  #first = 0;
  #count = 0;

  constructor(source: RecordSource) {
    this.#source = source;
  }

  /** The record that is so many places behind the next one; undefined behind the end. Borrowed until it is dropped. */
  peek(index: number): TraceRecord | undefined {
    while (this.#count <= index) {
      const slot = this.#slots[this.#first + this.#count] ?? this.#lengthened();
      if (!this.#source.next(slot)) return undefined;
      this.#count += 1;
    }
    return this.#slots[this.#first + index];
  }

  /** Passes over the next record, if there is one. */
  drop(): void {
    if (this.#count === 0) return;
    this.#count -= 1;
    this.#first = this.#count === 0 ? 0 : this.#first + 1;
  }

  #lengthened(): TraceRecord {
    const slot = blankRecord();
    this.#slots.push(slot);
    return slot;
  }
}
