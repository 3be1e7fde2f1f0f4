import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError, invariant } from '../../src/core/assert.ts';
import { mix32 } from '../../src/core/hash.ts';
import { type Nanos, nanos } from '../../src/core/units.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { Trace } from '../../src/kernel/trace.ts';

const kernelOf = (queueCapacity = 1_000): Kernel => new Kernel({ seed: 'seed-7', queueCapacity });

/** A run that branches: each event schedules up to two more, some at the same instant, until 400 are scheduled. */
function branching(): { kernel: Kernel; trace: Trace; log: string[] } {
  const kernel = kernelOf();
  const trace = new Trace();
  const log: string[] = [];
  let scheduled = 1;
  const target = kernel.register({
    on(code, payload) {
      log.push(`${kernel.now} ${kernel.events} ${code} ${payload}`);
      trace.record(1, kernel.now, 0, code, payload, 0, 0, kernel.events);
      for (let i = 0; i < 2 && scheduled < 400; i += 1) {
        scheduled += 1;
        const chance = mix32(scheduled);
        kernel.schedule(nanos(kernel.now + (chance % 4)), target, i, scheduled, chance & 3);
      }
    },
  });
  kernel.schedule(nanos(0), target, 0, 1);
  return { kernel, trace, log };
}

describe('Kernel', () => {
  test('delivers by time, then tie, then order of scheduling, each at its time', () => {
    const kernel = kernelOf();
    const heard: string[] = [];
    const a = kernel.register({ on: (code, payload) => heard.push(`${kernel.now} a ${code} ${payload}`) });
    const b = kernel.register({ on: (code, payload) => heard.push(`${kernel.now} b ${code} ${payload}`) });
    kernel.schedule(nanos(20), a, 1, 0.5);
    kernel.schedule(nanos(10), b, 2, 0, 9);
    kernel.schedule(nanos(10), a, 3, 0, 8);
    kernel.schedule(nanos(10), b, 4, 0, 8);
    kernel.schedule(nanos(10), b, 5, 0);
    expect(kernel.pending).toBe(5);
    expect(kernel.advance(nanos(20))).toBe(5);
    expect(heard).toEqual(['10 b 5 0', '10 a 3 0', '10 b 4 0', '10 b 2 0', '20 a 1 0.5']);
    expect(kernel.pending).toBe(0);
  });

  test('an event may schedule at its own instant, behind what is there, and inside the same advance', () => {
    const kernel = kernelOf();
    const heard: number[] = [];
    const target = kernel.register({
      on(code) {
        heard.push(code);
        if (code === 1) kernel.schedule(kernel.now, target, 3, 0);
      },
    });
    kernel.schedule(nanos(5), target, 1, 0);
    kernel.schedule(nanos(5), target, 2, 0);
    expect(kernel.advance(nanos(5))).toBe(3);
    expect(heard).toEqual([1, 2, 3]);
  });

  test('now is the end of the advance once nothing is left before it, else the last event', () => {
    const kernel = kernelOf();
    const target = kernel.register({ on: () => {} });
    for (const at of [10, 20, 30]) kernel.schedule(nanos(at), target, 0, 0);
    expect([kernel.advance(nanos(25), 1), kernel.now]).toEqual([1, 10]);
    expect([kernel.advance(nanos(25), 0), kernel.now]).toEqual([0, 10]);
    expect([kernel.advance(nanos(25), 1), kernel.now]).toEqual([1, 25]);
    expect([kernel.advance(nanos(25)), kernel.now]).toEqual([0, 25]);
    expect([kernel.advance(nanos(99)), kernel.now]).toEqual([1, 99]);
    expect(kernel.events).toBe(3);
  });

  test('any slicing of advance gives the same run', () => {
    const whole = branching();
    whole.kernel.advance(nanos(10_000));
    expect(whole.log.length).toBe(400);
    const slice = fc.record({ nanos: fc.integer({ min: 0, max: 12 }), events: fc.integer({ min: 0, max: 30 }) });
    fc.assert(
      fc.property(fc.array(slice, { maxLength: 300 }), (slices) => {
        const sliced = branching();
        let counted = 0;
        for (const each of slices) counted += sliced.kernel.advance(nanos(sliced.kernel.now + each.nanos), each.events);
        counted += sliced.kernel.advance(nanos(10_000));
        expect(sliced.log).toEqual(whole.log);
        expect(sliced.trace.hash()).toBe(whole.trace.hash());
        expect(counted).toBe(400);
      }),
      { numRuns: 100 },
    );
  });

  test('the hook is called after each event, until it is taken away', () => {
    const kernel = kernelOf();
    const heard: string[] = [];
    const target = kernel.register({ on: (code) => heard.push(`event ${code}`) });
    for (const at of [1, 2, 3]) kernel.schedule(nanos(at), target, at, 0);
    kernel.onEvent((now: Nanos) => heard.push(`hook ${now}`));
    kernel.advance(nanos(2));
    kernel.onEvent(undefined);
    kernel.advance(nanos(9));
    expect(heard).toEqual(['event 1', 'hook 1', 'event 2', 'hook 2', 'event 3']);
  });

  test.each(['target', 'hook'])('an InvariantError from a %s leaves with event number and seed', (place) => {
    const kernel = kernelOf();
    const broken = (now: Nanos): void => invariant(now !== 3, 'books are crossed');
    const target = kernel.register({ on: () => place === 'target' && broken(kernel.now) });
    if (place === 'hook') kernel.onEvent(broken);
    for (const at of [1, 2, 3, 4]) kernel.schedule(nanos(at), target, 0, 0);
    let caught: unknown;
    try {
      kernel.advance(nanos(9));
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InvariantError);
    expect(caught).toMatchObject({ message: 'books are crossed', event: 3, seed: 'seed-7' });
  });

  test('other errors pass through untouched', () => {
    const kernel = kernelOf();
    const fault = new RangeError('not ours');
    kernel.schedule(
      nanos(1),
      kernel.register({
        on: () => {
          throw fault;
        },
      }),
      0,
      0,
    );
    expect(() => kernel.advance(nanos(1))).toThrow(fault);
  });

  test('refuses the past, unknown targets, ties out of range, and being advanced by an event', () => {
    const kernel = kernelOf();
    const target = kernel.register({ on: () => kernel.advance(nanos(100)) });
    kernel.advance(nanos(10));
    expect(() => kernel.schedule(nanos(9), target, 0, 0)).toThrow(InvariantError);
    expect(() => kernel.schedule(Number.NaN as Nanos, target, 0, 0)).toThrow(InvariantError);
    expect(() => kernel.schedule(nanos(10), target + 1, 0, 0)).toThrow(/not registered/);
    for (const tie of [-1, 0.5, 2 ** 32]) expect(() => kernel.schedule(nanos(10), target, 0, 0, tie)).toThrow(/tie/);
    expect(() => kernel.advance(nanos(9))).toThrow(/before now/);
    expect(kernel.pending).toBe(0);
    kernel.schedule(nanos(10), target, 0, 0);
    expect(() => kernel.advance(nanos(10))).toThrow(/under way/);
  });
});
