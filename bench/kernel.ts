import { performance } from 'node:perf_hooks';
import { streams } from '../src/core/rng.ts';
import { nanos } from '../src/core/units.ts';
import { Kernel } from '../src/kernel/kernel.ts';
import type { Figure } from './figure.ts';

const ROUNDS = 5;
const PENDING = 10_000;
const EVENTS = 2_000_000;

/**
 * `kernel.events`: 10,000 events are pending; each that is processed schedules one more, up to one second later. The peer
 * is a binary heap of objects under the same load.
 */
export function kernelEvents(): Figure {
  const rng = streams('bench').stream('kernel.events');
  const delays = Float64Array.from({ length: 65_536 }, () => Math.floor(rng.uniform() * 1e9));
  let value = 0;
  let peerValue = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    value = Math.max(value, kernelRate(delays));
    peerValue = Math.max(peerValue, objectHeapRate(delays));
  }
  return { name: 'kernel.events', value, unit: 'events/s', peer: 'heap of objects', peerValue, ratio: value / peerValue };
}

function kernelRate(delays: Float64Array): number {
  const kernel = new Kernel({ seed: 'bench', queueCapacity: PENDING + 1 });
  let next = 0;
  const target = kernel.register({
    on: (code, payload) => {
      next = (next + 1) & 65_535;
      kernel.schedule(nanos(kernel.now + delays[next]!), target, code, payload);
    },
  });
  for (let i = 0; i < PENDING; i += 1) kernel.schedule(nanos(delays[i]!), target, 0, i);
  const start = performance.now();
  kernel.advance(nanos(Number.MAX_SAFE_INTEGER), EVENTS);
  return (1_000 * EVENTS) / (performance.now() - start);
}

interface Entry {
  time: number;
  readonly sequence: number;
  readonly act: (payload: number) => void;
  readonly payload: number;
}

const earlier = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.sequence < b.sequence);

function objectHeapRate(delays: Float64Array): number {
  const heap: Entry[] = [];
  let sequence = 0;
  let next = 0;
  let now = 0;
  const push = (time: number, act: (payload: number) => void, payload: number): void => {
    const entry = { time, sequence: sequence++, act, payload };
    let node = heap.length;
    heap.push(entry);
    for (let parent = (node - 1) >> 1; node > 0 && earlier(entry, heap[parent]!); parent = (node - 1) >> 1) {
      heap[node] = heap[parent]!;
      node = parent;
    }
    heap[node] = entry;
  };
  const pop = (): Entry => {
    const first = heap[0]!;
    const entry = heap.pop()!;
    if (heap.length === 0) return first;
    let node = 0;
    for (let child = 1; child < heap.length; child = 2 * node + 1) {
      if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child += 1;
      if (!earlier(heap[child]!, entry)) break;
      heap[node] = heap[child]!;
      node = child;
    }
    heap[node] = entry;
    return first;
  };
  const act = (payload: number): void => {
    next = (next + 1) & 65_535;
    push(now + delays[next]!, act, payload);
  };
  for (let i = 0; i < PENDING; i += 1) push(delays[i]!, act, i);
  const start = performance.now();
  for (let i = 0; i < EVENTS; i += 1) {
    const event = pop();
    now = event.time;
    event.act(event.payload);
  }
  return (1_000 * EVENTS) / (performance.now() - start);
}
