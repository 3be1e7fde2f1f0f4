import type { CombinedKind } from './adaptive/average-model.ts';
import { LINEAR_KINDS } from './linear/linear-document.ts';

/** Kinds that are read from a model's folder. */
export const TRAINED_KINDS: readonly string[] = ['lstm', ...LINEAR_KINDS];

/** Kinds that combine what is read from a model's folder and learn in the market: the net, and the linear model where there is one. */
export const COMBINED_KINDS: readonly CombinedKind[] = ['average', 'adaptive'];

/** Kinds that know the law of the market, or even its hidden state; their own code is in `sim/oracles`. */
export const ORACLE_KINDS = ['filter', 'state'] as const;
export type OracleKind = (typeof ORACLE_KINDS)[number];

/** All kinds of forecasters that come with volpit: a scenario may name them, and each is a variant by its bare name. */
export const FORECASTER_KINDS: readonly string[] = ['rw', 'ewma', ...TRAINED_KINDS, ...COMBINED_KINDS, ...ORACLE_KINDS];
