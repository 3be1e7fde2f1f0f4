import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../src/ledger/causes.ts';
import { forecastSkill } from '../../src/study/forecast-skill.ts';
import { runDetail } from '../../src/study/run-detail.ts';
import { runReport } from '../../src/study/run-report.ts';
import { runText } from '../../src/study/run-text.ts';
import { deskOf, finished, simulation, tinyScenario } from '../support/tiny.ts';

const SIM = finished(tinyScenario(['agents.maker.forecaster=ewma']), '3');
const REPORT = runReport(SIM);

describe('the report of a run', () => {
  test('names what ran', () => {
    expect(REPORT).toMatchObject({ scenario: 'tiny', seed: '3', subject: 'maker', simulatedSeconds: 300, traceHash: SIM.trace.hash() });
    expect(REPORT.events).toBe(SIM.kernel.events);
    expect(REPORT.agents.map(({ name, kind }) => [name, kind])).toEqual([
      ['customers', 'customers'],
      ['insider', 'informed'],
      ['liquidity', 'underlying-liquidity'],
      ['maker', 'maker'],
      ['rivals', 'reference'],
    ]);
  });

  test('total profit is cash and position at fair values, and the sum of its causes and the residual', () => {
    for (const { name, pnl } of REPORT.agents) {
      const { id } = deskOf(SIM, name);
      let value = SIM.ledger.cash(id) / 1e6;
      for (const { id: instrument, lotSize } of SIM.scenario.chain.instruments) {
        value += SIM.ledger.position(id, instrument) * lotSize * SIM.attribution.fair(instrument);
      }
      expect(pnl.total).toBeCloseTo(value, 4);
      expect(Object.values(pnl.byCause).reduce((sum, part) => sum + part, 0) + pnl.residual).toBeCloseTo(pnl.total, 4);
      expect(Object.keys(pnl.byCause)).toEqual(CAUSES.filter((cause) => !['residual', 'basis', 'funding'].includes(cause)));
    }
  });

  test('what one wins the others lose, but for fees', () => {
    const sum = REPORT.agents.reduce((total, { pnl }) => total + pnl.total, 0);
    const fees = REPORT.agents.reduce((total, agent) => total + agent.fees, 0);
    expect(fees).toBeGreaterThan(0);
    expect(sum).toBeCloseTo(-fees, 3);
  });

  test('counts fills and contracts of options', () => {
    const volume = REPORT.agents.reduce((sum, agent) => sum + agent.volume, 0);
    // Every contract has a buyer and a seller.
    expect(volume).toBeCloseTo(2 * REPORT.market.volume, 6);
    const customers = REPORT.agents.find(({ name }) => name === 'customers');
    expect(customers?.fills).toBeGreaterThan(10);
    for (const agent of REPORT.agents) {
      expect(agent.maxDrawdown).toBeGreaterThanOrEqual(0);
      expect(agent.withheld).toBe(deskOf(SIM, agent.name).withheld);
    }
  });

  test('only the subject is marked at screens and has markouts and limits', () => {
    for (const agent of REPORT.agents) {
      const isSubject = agent.name === 'maker';
      expect(agent.pnl.screen !== undefined).toBe(isSubject);
      expect(agent.markouts.length > 0).toBe(isSubject);
      // Five minutes: no fill of this run is old enough.
      expect(agent.adverseSelection).toEqual([]);
      expect(agent.limits.map(({ name }) => name)).toEqual(isSubject ? ['delta', 'open delta', 'gamma', 'vega', 'loss'] : []);
    }
    const subject = REPORT.agents.find(({ name }) => name === 'maker');
    const { id, agent } = SIM.subject;
    let value = SIM.ledger.cash(id) / 1e6;
    for (const { id: instrument, lotSize } of SIM.scenario.chain.instruments) {
      const mark = SIM.records.screen.mark(instrument, agent.inspect?.().theo(instrument) ?? SIM.attribution.fair(instrument));
      value += SIM.ledger.position(id, instrument) * lotSize * (SIM.ledger.position(id, instrument) === 0 ? 0 : mark);
    }
    expect(subject?.pnl.screen).toBeCloseTo(value, 4);
  });

  test('tells what the guards of the maker did, and for how long', () => {
    for (const { name, protection } of REPORT.agents) expect(protection !== undefined).toBe(name === 'maker');
    const { secondsAt, guards } = REPORT.agents.find(({ name }) => name === 'maker')?.protection ?? { secondsAt: {}, guards: [] };
    expect(Object.keys(secondsAt)).toEqual(['normal', 'widen', 'reduce-only', 'pull', 'flatten']);
    const seconds = Object.values(secondsAt).reduce((sum, part) => sum + part, 0);
    // From the first surface on, to the last look.
    expect(seconds).toBeGreaterThan(290);
    expect(seconds).toBeLessThanOrEqual(300);
    // The spot falls by 1 % within half a minute, a regime changes.
    const fast = guards.find(({ guard }) => guard === 'fast-market');
    expect(fast?.activations).toBeGreaterThanOrEqual(1);
    const noted = SIM.records.recorder.log.filter(
      ({ kind, text }) => kind === 'limit' && /^(widen|pull) \(fast-market\): spot moved/.test(text),
    );
    expect(noted.length).toBeGreaterThanOrEqual(fast?.activations ?? 0);
    expect(runText(REPORT)).toMatch(/maker's protection: normal \d+ s, .*fast-market \d+ times?, up to (widen|pull)/);
  });

  test('the subject in detail: each series that it traded, their sums by expiry, and all of them its result', () => {
    const { series, expiries } = runDetail(SIM);
    const { id } = SIM.subject;
    const total = SIM.attribution.total(id);
    const sum = (
      rows: readonly { readonly [K in 'total' | 'capture' | 'fees' | 'position']: number }[],
      of: 'total' | 'capture' | 'fees',
    ) => rows.reduce((all, row) => all + row[of], 0);
    expect(series.length).toBeGreaterThan(3);
    expect(sum(series, 'total')).toBeCloseTo(total, 8);
    expect(sum(series, 'fees')).toBeCloseTo(SIM.attribution.amount(id, 'fees'), 8);
    expect(sum(series, 'capture')).toBeCloseTo(SIM.attribution.amount(id, 'spreadCapture') + SIM.attribution.amount(id, 'hedgeCost'), 8);
    for (const { series: symbol, position } of series) {
      const listing = SIM.scenario.chain.instruments.find((each) => each.symbol === symbol);
      if (listing === undefined) throw new Error(`no ${symbol}`);
      expect(SIM.ledger.traded(id, listing.id)).toBeGreaterThan(0);
      expect(position).toBeCloseTo(SIM.ledger.position(id, listing.id) * listing.lotSize, 12);
    }
    const perpetual = series.find((row) => row.series === SIM.scenario.chain.underlying.symbol);
    expect(expiries.map(({ expiry }) => expiry)).toEqual(SIM.scenario.chain.expiries.map(({ label }) => label));
    expect(sum(expiries, 'total') + (perpetual?.total ?? Number.NaN)).toBeCloseTo(total, 8);
    for (const { expiry, ...pnl } of expiries) {
      const own = series.filter((row) => row.series.includes(`-${expiry}-`));
      expect(pnl.capture).toBeCloseTo(sum(own, 'capture'), 8);
      expect(pnl.position).toBeCloseTo(
        own.reduce((all, row) => all + row.position, 0),
        8,
      );
    }
  });

  test('the subject in detail: its markouts by all but the counterparty, which the report has', () => {
    const { markouts } = runDetail(SIM);
    expect([...new Set(markouts.map(({ by }) => by))]).toEqual(['series', 'expiry', 'regime', 'side']);
    const fills = (rows: readonly { readonly seconds: number; readonly fills: number }[]): number =>
      rows.filter(({ seconds }) => seconds === 10).reduce((all, row) => all + row.fills, 0);
    const all = fills(REPORT.agents.find(({ name }) => name === 'maker')?.markouts ?? []);
    expect(all).toBeGreaterThan(5);
    for (const by of ['series', 'expiry', 'regime', 'side']) expect(fills(markouts.filter((row) => row.by === by)), by).toBe(all);
    expect(markouts.filter(({ by }) => by === 'regime').map(({ name }) => name)).toContain('stressed');
  });

  test('shows the forecast at the second horizon of the scenario, and all rows', () => {
    const rows = forecastSkill([SIM.records.forecasts.series], 10);
    expect(REPORT.forecast.rows).toEqual(rows);
    const headline = rows.filter(({ horizonSeconds }) => horizonSeconds === 50);
    expect(REPORT.forecast).toMatchObject({ kind: 'ewma', horizonSeconds: 50, samples: headline[0]?.samples });
    expect(REPORT.forecast.r2VsRandomWalk).toEqual({
      byFactor: Object.fromEntries(headline.map((row) => [row.factor, row.r2VsRandomWalk])),
      ci95: Object.fromEntries(headline.map((row) => [row.factor, row.ci95])),
    });
    expect(Object.keys(REPORT.forecast.r2VsRandomWalk.byFactor)).toEqual(['level', 'slope', 'skew', 'curvature']);
    expect(REPORT.forecast.coverage80).toBeCloseTo(headline.reduce((sum, row) => sum + row.coverage80, 0) / 4, 12);
  });

  test('is plain data without holes: JSON keeps all of it', () => {
    for (const document of [REPORT, runDetail(SIM)]) expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  test('can be made at any moment, the first included, and changes nothing', () => {
    const sim = simulation(tinyScenario(), '3');
    const first = runReport(sim);
    expect(first).toMatchObject({ events: 0, forecast: { rows: [], samples: 0, coverage80: 0 }, market: { prints: 0 } });
    expect(first.market.realisedVol).toBeUndefined();
    sim.advance(100);
    runReport(sim);
    sim.advance(300);
    expect(runReport(sim).traceHash).toBe(runReport(finished(tinyScenario(), '3')).traceHash);
  });
});

describe('as text', () => {
  const text = runText(REPORT, { wallSeconds: 1.26, eventsPerSecond: 123_456 });

  test('begins with what ran and how fast', () => {
    expect(text.split('\n')[0]).toBe(`tiny, seed 3: 300 s simulated, ${REPORT.events} events, 1.3 s of wall time, 123 thousand events/s`);
    expect(runText(REPORT).split('\n')[0]).toBe(`tiny, seed 3: 300 s simulated, ${REPORT.events} events`);
    expect(text.split('\n').at(-1)).toBe(`trace ${REPORT.traceHash}`);
  });

  test('has a line for every agent, the subject marked, with its figures', () => {
    for (const { name, kind, pnl, fees, fills } of REPORT.agents) {
      const label = `${name}${name === kind ? '' : ` (${kind})`}${name === 'maker' ? ' *' : ''}`;
      const line = text.split('\n').find((row) => row.startsWith(`${label}  `));
      expect(line?.slice(label.length).trim().split(/ +/).slice(0, 3)).toEqual(
        [pnl.total, -fees].map((amount) => amount.toFixed(0).replace(/^-0$/, '0')).concat(String(fills)),
      );
    }
  });

  test('shows the subject’s causes, its markouts and its forecast', () => {
    expect(text).toMatch(/^maker by cause \(\$\): spreadCapture -?\d+, .*residual -?\d+; at screen mids -?\d+ \$$/m);
    expect(text).toMatch(/^maker's markouts, /m);
    expect(text).toMatch(/^forecast ewma, R2 against the random walk/m);
    expect(text.match(/^(level|slope|skew|curvature) .* min .*\[.*\].*%$/gm)).toHaveLength(8);
  });

  test('shows markouts by something else, a row each and the horizons across, where that is asked for', () => {
    const rows = SIM.records.markouts.rows('side');
    const shown = runText(REPORT, undefined, rows).split('\n');
    expect(shown).not.toContain("maker's markouts, $ per contract against the fair value later:");
    const head = shown.indexOf("maker's markouts less delta, $ per contract against the fair value later:") + 1;
    expect(shown[head]?.split(/ {2,}/)).toEqual(['side', 'fills', 'contracts', 'capture', '1 s', '10 s', '60 s', '300 s', '1800 s']);
    const [first] = rows.filter(({ seconds }) => seconds === 1);
    const later = [1, 10, 60].map((at) => rows.find(({ name, seconds }) => name === first?.name && seconds === at)?.hedged.toFixed(1));
    const cells = [first?.name, String(first?.fills), first?.contracts.toFixed(1), first?.capture.toFixed(1), ...later, '-', '-'];
    expect(shown[head + 1]?.split(/ {2,}/)).toEqual(cells);
  });

  test('tells what fills gave back once some are five minutes old', () => {
    const row = { counterparty: 'informed', seconds: 300, fills: 3, contracts: 2, capture: 8, hedged: -4.25, adverseSelection: -12.25 };
    const agents = REPORT.agents.map((agent) => (agent.name === 'maker' ? { ...agent, adverseSelection: [row] } : agent));
    expect(text).not.toContain('adverse selection');
    const line = 'adverse selection, hedged markout at 5 min less capture, $ per contract: informed -12.3';
    expect(runText({ ...REPORT, agents }).split('\n')).toContain(line);
  });

  test('amounts that round to nothing have no sign', () => {
    const subject = REPORT.agents.map((agent) => ({ ...agent, fees: 0.3, pnl: { ...agent.pnl, total: -0.2, residual: -0.4 } }));
    expect(runText({ ...REPORT, agents: subject })).not.toMatch(/-0(\s|;|$)/m);
  });

  test('without a forecast it says so', () => {
    expect(runText({ ...REPORT, forecast: { ...REPORT.forecast, kind: 'lstm', rows: [] } })).toContain('forecast: lstm, none has come due');
  });

  test('no figure is missing', () => {
    for (const shown of [text, runText(runReport(simulation(tinyScenario(), '3')))]) expect(shown).not.toMatch(/NaN|undefined|Infinity/);
  });
});
