import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { readDatedTable } from '../../src/data/dated-table.ts';
import { HISTORY_LAYOUTS } from '../../src/data/history-layouts.ts';
import { cboeFile, deribitFile, dvolFile } from '../support/history-files.ts';

const head = 'date,vix9d,vix,vix3m,vix6m,vvix,skew,spy';
const cboe = (...rows: string[]): string => [head, ...rows].join('\n');
const read = (text: string) => readDatedTable('closes.csv', text, HISTORY_LAYOUTS.cboe);
const faultOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'none';
};

describe('tables of numbers over time', () => {
  test('are read in order of time, as fractions, without rows that have a blank', () => {
    const text = cboe('2020-01-03,15,20,21,22,90,120,300', '2020-01-06,16,,23,24,91,121,301', '2020-01-02,14,18,19,20,89,119,299');
    const { assets, blankRows } = read(text);
    expect(blankRows).toBe(1);
    expect(assets).toHaveLength(1);
    // A day that stands alone is its last second.
    expect([...(assets[0]?.seconds ?? [])]).toEqual([Date.UTC(2020, 0, 3) / 1000 - 1, Date.UTC(2020, 0, 4) / 1000 - 1]);
    expect([...(assets[0]?.columns['vix'] ?? [])]).toEqual([0.18, 0.2]);
    expect([...(assets[0]?.columns['spot'] ?? [])]).toEqual([299, 300]);
  });

  test('keep assets apart, and spreads in the unit of the vols', () => {
    const { assets } = readDatedTable('panel.csv', deribitFile({ rows: 5 }), HISTORY_LAYOUTS['deribit-panel']);
    expect(assets.map(({ asset, seconds }) => [asset, seconds.length])).toEqual([
      ['BTC', 5],
      ['ETH', 5],
    ]);
    for (const vol of assets[0]?.columns['atm30'] ?? []) expect(vol).toBeGreaterThan(0.2);
    const percent = 'timestamp_utc,currency,index_price,atm_7d,atm_30d,atm_90d,atm_180d,rr25_7d,rr25_30d,bf25_7d,bf25_30d';
    const row = '2026-01-01T02:00:00Z,BTC,50000,45,44,43,42,-4,-3,1.2,1';
    const { assets: scaled } = readDatedTable('panel.csv', `${percent}\n${row}`, HISTORY_LAYOUTS['deribit-panel']);
    expect(scaled[0]?.columns['rr7']?.[0]).toBe(-0.04);
  });

  test('take milliseconds since 1970 for a time', () => {
    const { assets } = readDatedTable('dvol.csv', dvolFile({ rows: 3 }), HISTORY_LAYOUTS.dvol);
    expect(assets[0]?.seconds[1]).toBe(Date.UTC(2022, 0, 1, 1) / 1000);
  });

  test('are refused with line and column', () => {
    expect(faultOf(cboe('2020-01-02,14,x,19,20,89,119,299'))).toMatch(/closes\.csv:2:1 {2}vix {2}expected a number or a blank, found 'x'/);
    expect(faultOf(cboe('2020-01-02,14,0,19,20,89,119,299'))).toMatch(/:2:1 {2}vix {2}expected a number above 0/);
    expect(faultOf(cboe('2020-01-02,14,18,-19,20,89,119,299'))).toMatch(/:2:1 {2}vix3m {2}expected no negative number/);
    expect(faultOf(cboe('soon,14,18,19,20,89,119,299'))).toMatch(/:2:1 {2}date {2}expected a time/);
    expect(faultOf(cboe('2020-01-02,14,18,19,20,89,119,299', '2020-01-02,14,18,19,20,89,119,299'))).toMatch(
      /:3:1 {2}date {2}is the time of line 2 too/,
    );
    expect(faultOf(cboe('2020-01-02,,18,19,20,89,119,299'))).toMatch(/no row without a blank/);
    expect(faultOf('date,vix\n2020-01-02,14')).toMatch(/layout cboe: it has no column vix9d, and none vix3m/);
    expect(faultOf(cboeFile({ rows: 3 }))).toBe('none');
  });
});
