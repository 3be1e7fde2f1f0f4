import { agentId } from '../core/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Chain } from '../market/chain.ts';

/** One participant's account as a log keeps it. */
export interface Account {
  readonly name: string;
  /** Whole millionths of a dollar. */
  readonly cash: number;
  /** Fees paid, net of rebates, in whole millionths of a dollar. */
  readonly fees: number;
  readonly fills: number;
  /** In the order of the instruments, lots positive for long; what is flat is left out. */
  readonly positions: { readonly symbol: string; readonly lots: number }[];
}

/** All accounts, in whole numbers: two runs that did the same have equal ones. */
export interface Accounts {
  readonly agents: Account[];
  /** Cash of the venue: the fees of all. */
  readonly venueCash: number;
}

/** What everybody has. @param names of the agents, by id. */
export function accountsOf(ledger: Ledger, chain: Chain, names: readonly string[]): Accounts {
  const agents = names.map((name, index): Account => {
    const agent = agentId(index);
    const all = chain.instruments.map(({ id, symbol }) => ({ symbol, lots: ledger.position(agent, id) }));
    const positions = all.filter(({ lots }) => lots !== 0);
    return { name, cash: ledger.cash(agent), fees: ledger.fees(agent), fills: ledger.fills(agent), positions };
  });
  return { agents, venueCash: ledger.venue };
}

/** The first figure in which two sets of accounts differ, in words; undefined where they are equal. */
export function accountsDifference(logged: Accounts, replayed: Accounts): string | undefined {
  const before = figures(logged);
  const after = figures(replayed);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [one, other] = [before.get(name) ?? 0, after.get(name) ?? 0];
    if (one !== other) return `${name}: the log says ${one}, the replay ${other}`;
  }
  return undefined;
}

function figures(accounts: Accounts): Map<string, number> {
  const named = accounts.agents.flatMap(({ name, cash, fees, fills, positions }): [string, number][] => [
    [`cash of ${name} in millionths of a dollar`, cash],
    [`fees of ${name} in millionths of a dollar`, fees],
    [`fills of ${name}`, fills],
    ...positions.map(({ symbol, lots }): [string, number] => [`lots of ${symbol} that ${name} holds`, lots]),
  ]);
  return new Map([...named, ['cash of the venue in millionths of a dollar', accounts.venueCash]]);
}
