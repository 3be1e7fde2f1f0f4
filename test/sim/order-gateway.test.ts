import { describe, expect, test } from 'vitest';
import { combineHash, hashText, mix32 } from '../../src/core/hash.ts';
import { agentId, instrumentId, lots, nanos, orderId, ticks } from '../../src/core/units.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { TIE_DELIVERY, TIE_WORLD } from '../../src/kernel/ties.ts';
import { OrderGateway } from '../../src/sim/order-gateway.ts';
import { DeskMarket } from '../support/desk-market.ts';
import { ExchangeLog } from '../support/exchange-log.ts';
import { arrivalsOf, constantLine, empirical, lognormal } from '../support/lines.ts';

describe('requests', () => {
  test('reach the exchange after exactly the order latency of their sender', () => {
    const m = new DeskMarket([
      { name: 'A', orderNanos: 40, dataNanos: 0 },
      { name: 'B', orderNanos: 0, dataNanos: 0 },
      { name: 'C', orderNanos: 7, dataNanos: 1000 },
    ]);
    m.until(500);
    const order = m.submit('A', 'buy', 40, 2) ?? orderId(0);
    m.submit('B', 'buy', 39, 2);
    m.submit('C', 'buy', 38, 2);
    expect(m.until(600)).toEqual(['500 B accepted #2 i3 buy x2', '540 A accepted #1 i3 buy x2']);
    expect(m.until(2000)).toEqual(['1507 C accepted #3 i3 buy x2']);
    m.desk('A').replace(order, ticks(41), lots(1));
    expect(m.until(3000)).toEqual(['2040 A removed #1 i3 buy x2', '2040 A accepted #4 i3 buy x1']);
    m.desk('A').cancel(orderId(4));
    expect(m.until(4000)).toEqual(['3040 A removed #4 i3 buy x1']);
  });

  test('of one sender at one instant stay in their order, and so do those that arrive together later', () => {
    const m = new DeskMarket([{ name: 'A', orderNanos: 5, dataNanos: 1 }]);
    const first = m.submit('A', 'buy', 40, 2) ?? orderId(0);
    const second = m.desk('A').replace(first, ticks(41), lots(3)) ?? orderId(0);
    m.desk('A').cancel(second);
    const third = m.submit('A', 'buy', 39, 1) ?? orderId(0);
    m.desk('A').cancel(third);
    m.submit('A', 'buy', 38, 1);
    expect(m.until(100).map((line) => line.slice(4))).toEqual([
      'accepted #1 i3 buy x2',
      'removed #1 i3 buy x2',
      'accepted #2 i3 buy x3',
      'removed #2 i3 buy x3',
      'accepted #3 i3 buy x1',
      'removed #3 i3 buy x1',
      'accepted #4 i3 buy x1',
    ]);
  });

  test('with a drawn latency arrive by the draws of their sender, in its order, and at the time of an earlier one that is slower', () => {
    const laws = { A: lognormal(400, 1), B: empirical([3, 50, 900], [5, 1, 1]) };
    const m = new DeskMarket([
      { name: 'A', orderNanos: 0, dataNanos: 0, latency: { order: laws.A } },
      { name: 'B', orderNanos: 0, dataNanos: 0, latency: { order: laws.B } },
      { name: 'C', orderNanos: 7, dataNanos: 0 },
    ]);
    const arrivals = {
      A: arrivalsOf(laws.A, DeskMarket.seed, 'agents/A/latency/order'),
      B: arrivalsOf(laws.B, DeskMarket.seed, 'agents/B/latency/order'),
    };
    const expected: string[] = [];
    const heard: string[] = [];
    for (let n = 0; n < 60; n += 1) {
      heard.push(...m.until(20 * n));
      // A sends an order and cancels it at once: the cancel must never come first.
      const order = m.submit('A', 'buy', 40, 1) ?? orderId(0);
      m.desk('A').cancel(order);
      expected.push(`${arrivals.A(20 * n)} A accepted #${order} i3 buy x1`, `${arrivals.A(20 * n)} A removed #${order} i3 buy x1`);
      if (n % 3 > 0) continue;
      const other = m.submit('B', 'sell', 60, 1) ?? orderId(0);
      expected.push(`${arrivals.B(20 * n)} B accepted #${other} i3 sell x1`);
      const last = m.submit('C', 'sell', 70, 1) ?? orderId(0);
      expected.push(`${20 * n + 7} C accepted #${last} i3 sell x1`);
    }
    heard.push(...m.until(1e6));
    for (const name of ['A', 'B', 'C']) {
      const of = (lines: readonly string[]): string[] => lines.filter((line) => line.split(' ')[1] === name);
      expect(of(heard)).toEqual(of(expected));
    }
    expect(heard.filter((line) => line.includes('rejected'))).toEqual([]);
    // Some did wait for an earlier one.
    const times = heard.filter((line) => line.includes('A accepted')).map((line) => line.split(' ')[0]);
    expect(new Set(times).size).toBeLessThan(times.length);
  });

  test('keep what they say while hundreds are under way', () => {
    const log = new ExchangeLog({ lotsPerOrder: 10_000, ordersPerAgent: 1000 });
    const kernel = new Kernel({ seed: 'gateway', queueCapacity: 10_000 });
    const gateway = new OrderGateway(kernel, log.exchange, [constantLine(500)], [1], 2);
    for (let n = 1; n <= 300; n += 1) {
      kernel.advance(nanos(7 * n));
      gateway.send({
        kind: 'submit',
        agent: agentId(0),
        order: orderId(n),
        instrument: instrumentId(3),
        side: 'buy',
        type: 'limit',
        price: ticks(n),
        lots: lots(1000 + n),
      });
    }
    kernel.advance(nanos(1e6));
    const accepted = log.lines.filter((line) => line.includes('accepted'));
    expect(accepted).toEqual(Array.from({ length: 300 }, (_, i) => `A accepted #${i + 1} i3 buy ${i + 1} x${1001 + i}`));
  });
});

/** Who comes first of these senders, all at one instant, the list being in this order. */
function firstOf(names: readonly string[], at: number, seed: string): string {
  const log = new ExchangeLog({ lotsPerOrder: 10, ordersPerAgent: 5 });
  const kernel = new Kernel({ seed, queueCapacity: 100 });
  const lines = names.map(() => constantLine(3));
  const gateway = new OrderGateway(kernel, log.exchange, lines, names.map(hashText), combineHash(hashText(seed), 0));
  kernel.advance(nanos(at - 3));
  names.forEach((_name, index) => {
    gateway.send({
      kind: 'submit',
      agent: agentId(index),
      order: orderId(index + 1),
      instrument: instrumentId(3),
      side: 'buy',
      type: 'limit',
      price: ticks(40),
      lots: lots(1),
    });
  });
  kernel.advance(nanos(at));
  const arrived = log.lines.filter((line) => line.includes('accepted'));
  expect(arrived).toHaveLength(names.length);
  return names[(arrived[0]?.charCodeAt(0) ?? 0) - 65] ?? '';
}

describe('senders who arrive at one nanosecond', () => {
  const names = ['maker', 'rivals', 'insider'];
  const instants = Array.from({ length: 300 }, (_, i) => 1_000_000_000 + 5_000_000 * i);
  const first = instants.map((at) => firstOf(names, at, 'one'));

  test('come in an order that is drawn from seed, instant and name: nobody has a seat in front', () => {
    // Binomial(300, 1/3) has a standard deviation of 8.2.
    for (const name of names) expect(Math.abs(first.filter((winner) => winner === name).length - 100)).toBeLessThan(33);
    expect(instants.map((at) => firstOf(names, at, 'two'))).not.toEqual(first);
  });

  test('whatever the order of the list of agents, and of sending', () => {
    for (const order of [
      ['insider', 'rivals', 'maker'],
      ['rivals', 'maker', 'insider'],
    ]) {
      expect(instants.slice(0, 60).map((at) => firstOf(order, at, 'one'))).toEqual(first.slice(0, 60));
    }
  });

  test('are each first half of the time where they are two, under any names', () => {
    // Binomial(300, 1/2) has a standard deviation of 8.7.
    for (const two of [
      ['maker', 'rivals'],
      ['rivals', 'maker'],
      ['a', 'b'],
      ['z', 'a'],
    ]) {
      const won = instants.filter((at) => firstOf(two, at, 'one') === two[0]).length;
      expect(Math.abs(won - 150), two.join(', ')).toBeLessThan(35);
    }
  });

  test('keep their order against each other when a third gets a name that puts it elsewhere in the list', () => {
    const others = (third: string): string[] => ['maker', 'rivals', third].sort();
    const ahead = (at: number, third: string): string => {
      const winner = firstOf(others(third), at, 'one');
      return winner === third ? '' : winner;
    };
    for (const at of instants.slice(0, 60)) {
      const winners = new Set(['aaa', 'noise', 'zzz'].map((third) => ahead(at, third)).filter((winner) => winner !== ''));
      expect(winners.size).toBeLessThanOrEqual(1);
    }
  });

  test('with one more among them keep their order against each other', () => {
    for (const at of instants.slice(0, 60)) {
      const winner = firstOf([...names, 'newcomer'], at, 'one');
      if (winner !== 'newcomer') expect(winner).toBe(firstOf(names, at, 'one'));
    }
  });
});

/** The number that `mix32` takes to this one. */
function unmixed(hash: number): number {
  const unshifted = (value: number, bits: number): number => {
    let word = value;
    for (let known = bits; known < 32; known += bits) word = value ^ (word >>> bits);
    return word;
  };
  const inverse = (factor: number): number => {
    let word = factor;
    for (let round = 0; round < 5; round += 1) word = Math.imul(word, 2 - Math.imul(factor, word));
    return word;
  };
  let word = Math.imul(unshifted(hash, 16), inverse(0xc2b2ae35));
  word = Math.imul(unshifted(word, 13), inverse(0x85ebca6b));
  return unshifted(word, 16) >>> 0;
}

/** A name's hash that {@link combineHash} takes to `tie`. */
function hashFor(tie: number, instant: number): number {
  const inverseOf5 = 0xcccccccd;
  const inner = unmixed(Math.imul(unmixed(tie) - 0x165667b1, inverseOf5));
  return (inner ^ mix32(instant)) >>> 0;
}

test.each([0, 1, 2, 3, 4_294_967_295])('a request comes after what the world does and after all deliveries, its draw being %i', (draw) => {
  const log = new ExchangeLog({ lotsPerOrder: 10, ordersPerAgent: 5 });
  const kernel = new Kernel({ seed: 'ties', queueCapacity: 100 });
  const heard: string[] = [];
  log.listening = () => heard.push('request');
  const other = kernel.register({ on: (code) => heard.push(code === TIE_WORLD ? 'world' : 'delivery') });
  const at = nanos(1000);
  const instant = combineHash(7, at);
  const name = hashFor(draw, instant);
  expect(combineHash(instant, name)).toBe(draw);
  const gateway = new OrderGateway(kernel, log.exchange, [constantLine(at)], [name], 7);
  gateway.send({ kind: 'cancel', agent: agentId(0), order: orderId(1) });
  kernel.schedule(at, other, TIE_DELIVERY, 0, TIE_DELIVERY);
  kernel.schedule(at, other, TIE_WORLD, 0, TIE_WORLD);
  kernel.advance(at);
  expect(heard).toEqual(['world', 'delivery', 'request']);
});
