import { z } from 'zod';
import { hashText } from '../core/hash.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Name and version of the format of a log; a reader refuses any other. */
export const LOG_SCHEMA = 'volpit.log/1';

const whole = z.int();
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');
const rate = z.number().describe('A share; below 0 for a rebate.');
const rates = { maker: rate, taker: rate };

const instrument = z.strictObject({
  id: count.describe('As in the records.'),
  symbol: z.string().describe('Name for people.'),
  kind: z.enum(['perpetual', 'option']).describe('What it is.'),
  tickSize: z.number().describe('Dollars per unit of the underlying: a price in ticks times this is in dollars.'),
  lotSize: z.number().describe('Units of the underlying in one lot.'),
  moneyPerTickLot: count.describe('Millionths of a dollar that one tick of one lot is worth.'),
  right: z.enum(['call', 'put']).optional().describe('Of an option.'),
  strike: z.number().optional().describe('Of an option, in dollars.'),
  expiry: count.optional().describe('Of an option: the place of its expiry in the chain, as in records of the kind expiring.'),
  years: z.number().optional().describe('Of an option: years of 365 days from the opening to its expiry.'),
});

const account = z.strictObject({
  name: z.string().describe('Of the agent.'),
  cash: whole.describe('Millionths of a dollar.'),
  fees: whole.describe('Fees paid, net of rebates, in millionths of a dollar.'),
  fills: count.describe('As maker or taker.'),
  positions: z
    .array(z.strictObject({ symbol: z.string().describe('Of the instrument.'), lots: whole.describe('Positive for long.') }))
    .describe('What is flat is left out.'),
});

const outcome = z.strictObject({
  seconds: z.number().min(0).describe('Simulated time that was reached.'),
  traceHash: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hexadecimal digits')
    .describe('Of all records.'),
  records: count.describe('In events.bin.'),
  bytes: count.describe('Size of events.bin.'),
  sha256: sha256.describe('Of events.bin.'),
  accounts: z.strictObject({
    agents: z.array(account).describe('In the order of the agents.'),
    venueCash: whole.describe('What all have paid in fees, in millionths of a dollar.'),
  }),
});

/** The shape of `manifest.json`; docs/schemas/log.schema.json is this as a JSON Schema. */
export const manifestSchema = z.strictObject({
  schema: z.literal(LOG_SCHEMA).describe('Name and version of this format.'),
  version: z.string().min(1).describe('Version of volpit that wrote the log.'),
  seed: z.string().describe('Of everything random.'),
  scenario: z
    .strictObject({
      name: z.string().describe('As the text says.'),
      sha256: sha256.describe('Of the text.'),
      text: z.string().describe('The scenario file; where it extends others, the whole of them, written out.'),
      changes: z.array(z.string()).describe('What --set changed in it, in order.'),
    })
    .describe('What the run was made from, with the seed: the log needs no other file.'),
  instruments: z.array(instrument).describe('In the order of their ids.'),
  fees: z.strictObject({
    option: z
      .strictObject({ ...rates, premiumCap: z.number().describe('A share.'), delivery: rate.optional() })
      .describe('Shares of the index price, at most premiumCap of the premium; delivery is that at settlement.'),
    perpetual: z.strictObject(rates).describe('Shares of the traded value.'),
  }),
  agents: z
    .array(
      z.strictObject({
        name: z.string().describe('As in the scenario.'),
        kind: z.string().describe('As in the scenario.'),
        hash: z
          .string()
          .regex(/^[0-9a-f]{8}$/, 'expected 8 lower-case hexadecimal digits')
          .describe('Of the name: as which the records know the agent.'),
      }),
    )
    .describe('In the order of their ids.'),
  complete: z.boolean().describe('Whether the run reached its end.'),
  outcome: outcome.optional().describe('What was reached. Missing while the run is under way, and where its process was killed.'),
});

/** All that is said of a log beside its records. */
export type Manifest = z.infer<typeof manifestSchema>;
/** The part that is known when the run has ended. */
export type LogOutcome = z.infer<typeof outcome>;

/** What a manifest says of the run's scenario and of who logs it. */
export interface LogOrigin {
  readonly version: string;
  readonly seed: string;
  /** The scenario file, and its SHA-256 in hexadecimal digits. */
  readonly text: string;
  readonly sha256: string;
  /** As `path=value`, in order. */
  readonly changes: readonly string[];
}

/** The manifest of a run that is about to begin. */
export function openingManifest(scenario: Scenario, origin: LogOrigin): Manifest {
  return {
    schema: LOG_SCHEMA,
    version: origin.version,
    seed: origin.seed,
    scenario: { name: scenario.name, sha256: origin.sha256, text: origin.text, changes: [...origin.changes] },
    instruments: scenario.chain.instruments.map((listing) => {
      const { id, symbol, kind, tickSize, lotSize, moneyPerTickLot } = listing;
      const common = { id, symbol, kind, tickSize, lotSize, moneyPerTickLot };
      if (listing.kind === 'perpetual') return common;
      const { right, strike, expiry } = listing;
      return { ...common, right, strike, expiry, years: scenario.chain.expiries[expiry]?.years ?? 0 };
    }),
    fees: scenario.fees,
    agents: scenario.agents.map(({ name, kind }) => ({ name, kind: kind.kind, hash: hashText(name).toString(16).padStart(8, '0') })),
    complete: false,
  };
}
