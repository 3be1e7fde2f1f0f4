import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.ts';

/** Some made-up order flow in files of each format: a message and the row of the book after it on each line, and order events. */
export const LOBSTER_ROWS = [
  ['34200.1,1,11,100,990000,1', '1000000,50,990000,100'],
  ['34200.2,1,12,30,990000,1', '1000000,50,990000,130'],
  ['34200.3,4,11,60,990000,1', '1000000,50,990000,70'],
  ['34200.4,3,12,30,990000,1', '1000000,50,990000,40'],
] as const;

export const BITSTAMP_ROWS = [
  'id,timestamp,exchange.timestamp,price,volume,action,direction',
  '11,1430438404000,1430438404000,236.00,500,created,ask',
  '12,1430438404001,1430438404000,236.00,300,created,bid',
  '11,1430438404120,1430438404000,236.00,200,changed,ask',
  '12,1430438404121,1430438404000,236.00,0,deleted,bid',
] as const;

/** Paths of files that hold them. */
export interface ReplayFiles {
  readonly messages: string;
  readonly book: string;
  readonly orders: string;
}

export function replayFiles(): ReplayFiles {
  const folder = tempFolder();
  const written = (name: string, lines: readonly string[]): string => {
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    return join(folder, name);
  };
  return {
    messages: written(
      'messages.csv',
      LOBSTER_ROWS.map(([message]) => message),
    ),
    book: written(
      'book.csv',
      LOBSTER_ROWS.map(([, row]) => row),
    ),
    orders: written('orders.csv', BITSTAMP_ROWS),
  };
}
