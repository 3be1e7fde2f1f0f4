import { PANEL_DEFINITIONS } from './definitions.ts';
import type { PanelDefinition } from './panel.ts';
import type { Cadence } from './prequential.ts';

/** One fit of a net on windows. */
export interface FitTerms {
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly dropout: number;
  readonly l2: number;
  readonly patience: number;
  /** True where the rate holds; else it warms up and falls on a cosine. */
  readonly constantRate: boolean;
}

/** How nets are trained through history. */
export interface NetTerms {
  /** Rows of a window. */
  readonly window: number;
  readonly units: number;
  readonly first: FitTerms;
  readonly later: FitTerms;
  /** Distinct times that a fit serves. */
  readonly refitTimes: number;
  /** The latest share of what is known, held out to choose the epoch. */
  readonly validationShare: number;
  /** Fewest windows to train on. */
  readonly trainingMin: number;
  /** Nets whose forecasts are averaged. */
  readonly seedsPerEnsemble: number;
}

/** Everything that decides what is forecast from a file and how: frozen, so that a result can be repeated. */
export interface HistoryPreset {
  readonly definition: PanelDefinition;
  readonly linear: Cadence;
  readonly net: NetTerms;
  /** Linear models that are averaged with the nets; all are held against the last. */
  readonly partners: readonly ('har' | 'har-x')[];
  /** Where forecasts begin when the caller does not say: a day, where enough comes before it; else after this share of the rows. */
  readonly fromDay?: string;
  readonly warmUpShare: number;
}

/** Committed before the first run over 2015 to 2024 of the Cboe indices; chosen on the years before (docs/forecasting.md). */
const FIRST: FitTerms = { epochs: 20, batch: 64, learningRate: 2e-3, dropout: 0.1, l2: 1e-3, patience: 5, constantRate: false };
const LATER: FitTerms = { ...FIRST, epochs: 5, learningRate: 7e-4, constantRate: true };

export const HISTORY_PRESETS: Readonly<Record<keyof typeof PANEL_DEFINITIONS, HistoryPreset>> = {
  cboe: {
    definition: PANEL_DEFINITIONS.cboe,
    linear: { firstOutcomes: 100, refitTimes: 21 },
    net: {
      window: 15,
      units: 24,
      first: FIRST,
      later: LATER,
      refitTimes: 252,
      validationShare: 0.12,
      trainingMin: 150,
      seedsPerEnsemble: 3,
    },
    partners: ['har-x'],
    fromDay: '2015-01-01',
    warmUpShare: 0.4,
  },
  'deribit-panel': {
    definition: PANEL_DEFINITIONS['deribit-panel'],
    linear: { firstOutcomes: 100, refitTimes: 12 },
    net: {
      window: 12,
      units: 16,
      first: { ...FIRST, batch: 32 },
      later: { ...LATER, batch: 32 },
      refitTimes: 21,
      validationShare: 0.12,
      trainingMin: 150,
      seedsPerEnsemble: 3,
    },
    partners: ['har', 'har-x'],
    fromDay: '2026-03-02',
    warmUpShare: 0.4,
  },
  dvol: {
    definition: PANEL_DEFINITIONS.dvol,
    linear: { firstOutcomes: 1000, refitTimes: 504 },
    net: {
      window: 12,
      units: 8,
      // Some fifteen thousand rows come before the first forecast: a few passes are as many steps as elsewhere.
      first: { ...FIRST, epochs: 4, batch: 512, learningRate: 5e-3 },
      later: { ...LATER, epochs: 1, batch: 512, learningRate: 1e-3 },
      refitTimes: 4380,
      validationShare: 0.12,
      trainingMin: 1000,
      seedsPerEnsemble: 3,
    },
    partners: ['har'],
    fromDay: '2023-01-01',
    warmUpShare: 0.4,
  },
};

export type HistoryPresetName = keyof typeof HISTORY_PRESETS;
