import type { DatedColumns } from '../../core/dated-table.ts';
import type { PanelDefinition } from './panel.ts';
import { changesOf, lessTrend, logRealisedVol, trailingMean } from './rolling.ts';

const SECONDS_PER_DAY = 86_400;
const SECONDS_PER_HOUR = 3600;

/** Half-life, in rows, of what levels are held against: half a year of days. */
const TREND = 125;

const logOf = (rows: DatedColumns, name: string): Float64Array => Float64Array.from(rows.columns[name] ?? [], Math.log);
const raw = (rows: DatedColumns, name: string): Float64Array => Float64Array.from(rows.columns[name] ?? []);
const less = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - (b[i] ?? Number.NaN));
const falls = (returns: Float64Array): Float64Array => returns.map((value) => Math.min(value, 0));

/**
 * Volatility indices of the S&P 500. Thirteen inputs: level, three slopes, vol of vol, skew index, return and its negative part, three last
 * changes, realised vol of a week and of a month; level, vol of vol and skew less their trends, as years differ in them (docs/forecasting.md).
 */
const cboe: PanelDefinition = {
  name: 'cboe',
  states: ['vix9d', 'vix', 'vix3m', 'vix6m'].map((name) => ({ name, unit: 'log' })),
  features: [
    ...['level less trend', 'slope 9d-30d', 'slope 30d-3m', 'slope 3m-6m', 'vvix less trend', 'skew less trend', 'return', 'fall'],
    ...['change vix9d', 'change vix', 'change vix3m', 'realised 5', 'realised 22'],
  ],
  exogenous: ['slope 9d-30d', 'slope 30d-3m', 'slope 3m-6m', 'realised 5', 'realised 22'],
  factors: ['vix9d', 'vix', 'vix3m', 'vix6m'],
  meanRows: [5, 22],
  horizons: [
    { steps: 1, label: '1 d' },
    { steps: 5, label: '5 d' },
  ],
  stepSeconds: SECONDS_PER_DAY,
  pauseSecondsMax: 15 * SECONDS_PER_DAY,
  stressedVol: 0.2,
  columns(rows) {
    const [vix9d, vix, vix3m, vix6m] = ['vix9d', 'vix', 'vix3m', 'vix6m'].map((name) => logOf(rows, name)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const logPrice = logOf(rows, 'spot');
    const returns = changesOf(logPrice);
    return {
      states: [vix9d, vix, vix3m, vix6m],
      features: [
        ...[lessTrend(vix, TREND), less(vix9d, vix), less(vix, vix3m), less(vix3m, vix6m)],
        ...[lessTrend(logOf(rows, 'vvix'), TREND), lessTrend(raw(rows, 'skew'), TREND), returns, falls(returns)],
        ...[changesOf(vix9d), changesOf(vix), changesOf(vix3m), logRealisedVol(returns, 5), logRealisedVol(returns, 22)],
      ],
      level: raw(rows, 'vix'),
      logPrice,
    };
  },
};

/** Bitcoin and Ether on Deribit, some rows a day: unequal gaps are an input. */
const deribitPanel: PanelDefinition = {
  name: 'deribit-panel',
  states: [
    ...['atm_7d', 'atm_30d', 'atm_90d', 'slope_7_90'].map((name) => ({ name, unit: 'log' as const })),
    ...['rr25_7d', 'rr25_30d', 'bf25_30d'].map((name) => ({ name, unit: 'vol' as const })),
  ],
  features: [
    ...['level', 'slope 7-30', 'slope 30-90', 'slope 90-180', 'rr 7', 'rr 30', 'bf 7', 'bf 30', 'level less month', 'bf less week'],
    ...['change 7', 'change 30', 'change slope', 'change rr', 'change bf', 'return', 'fall', 'realised 5', 'realised 22', 'gap'],
    ...['hour sine', 'hour cosine'],
  ],
  exogenous: ['slope 7-30', 'slope 30-90', 'slope 90-180', 'realised 5', 'realised 22'],
  factors: ['atm_7d', 'atm_30d', 'atm_90d', 'rr25_7d', 'rr25_30d', 'bf25_30d'],
  meanRows: [5, 22],
  horizons: [
    { steps: 1, label: '1 step' },
    { steps: 4, label: '4 steps' },
  ],
  stepSeconds: 6 * SECONDS_PER_HOUR,
  pauseSecondsMax: 3 * SECONDS_PER_DAY,
  columns(rows) {
    const [atm7, atm30, atm90, atm180] = ['atm7', 'atm30', 'atm90', 'atm180'].map((name) => logOf(rows, name)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const [rr7, rr30, bf7, bf30] = ['rr7', 'rr30', 'bf7', 'bf30'].map((name) => raw(rows, name)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const logPrice = logOf(rows, 'spot');
    const returns = changesOf(logPrice);
    const slope = less(atm7, atm90);
    const angle = rows.seconds.map((seconds) => (2 * Math.PI * (seconds % SECONDS_PER_DAY)) / SECONDS_PER_DAY) as Float64Array;
    return {
      states: [atm7, atm30, atm90, slope, rr7, rr30, bf30],
      features: [
        ...[atm30, less(atm7, atm30), less(atm30, atm90), less(atm90, atm180), rr7, rr30, bf7, bf30],
        ...[less(atm30, trailingMean(atm30, 22)), less(bf30, trailingMean(bf30, 5))],
        ...[changesOf(atm7), changesOf(atm30), changesOf(slope), changesOf(rr7), changesOf(bf30), returns, falls(returns)],
        ...[logRealisedVol(returns, 5), logRealisedVol(returns, 22), changesOf(rows.seconds).map((gap) => Math.log(gap))],
        ...[angle.map(Math.sin), angle.map(Math.cos)],
      ],
      level: raw(rows, 'atm30'),
      logPrice,
    };
  },
};

/** Deribit's index of implied vol by the hour: a random walk for practical purposes, which shows who claims too much. */
const dvol: PanelDefinition = {
  name: 'dvol',
  states: [{ name: 'dvol', unit: 'log' }],
  features: ['less day', 'less week', 'change', 'fall', 'range', 'moved 6', 'moved 24', 'moved 120', 'hour sine', 'hour cosine'],
  exogenous: ['change', 'moved 6', 'moved 24', 'range'],
  factors: ['dvol'],
  meanRows: [24, 120],
  horizons: [
    { steps: 1, label: '1 h' },
    { steps: 6, label: '6 h' },
    { steps: 24, label: '24 h' },
  ],
  stepSeconds: SECONDS_PER_HOUR,
  pauseSecondsMax: 12 * SECONDS_PER_HOUR,
  columns(rows) {
    const close = logOf(rows, 'close');
    const change = changesOf(close);
    const angle = rows.seconds.map((seconds) => (2 * Math.PI * (seconds % SECONDS_PER_DAY)) / SECONDS_PER_DAY) as Float64Array;
    return {
      states: [close],
      features: [
        ...[less(close, trailingMean(close, 24)), less(close, trailingMean(close, 120)), change, falls(change)],
        ...[
          less(logOf(rows, 'high'), logOf(rows, 'low')),
          logRealisedVol(change, 6),
          logRealisedVol(change, 24),
          logRealisedVol(change, 120),
        ],
        ...[angle.map(Math.sin), angle.map(Math.cos)],
      ],
      level: raw(rows, 'close'),
    };
  },
};

export const PANEL_DEFINITIONS = { cboe, 'deribit-panel': deribitPanel, dvol } as const;
