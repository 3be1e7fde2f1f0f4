import { describe, expect, test } from 'vitest';
import { smilePicture } from '../../src/calibration/smile-picture.ts';
import { surfaceFit } from '../../src/calibration/surface-fit.ts';
import { readDeribitChain } from '../../src/data/deribit-chain.ts';
import { deribitCsv, type KnownExpiry, quotedSurface } from '../support/deribit-csv.ts';

const KNOWN: readonly KnownExpiry[] = [7, 28, 84, 180, 357].map((days) => {
  const theta = (0.2 * days) / 365;
  return { days, forward: 90_000, slice: { theta, rho: -0.2, psi: Math.sqrt(0.8 * theta) } };
});
const chain = readDeribitChain(
  'test',
  deribitCsv(quotedSurface(KNOWN, { seed: '1', widthVol: 0.01, noiseVol: 0, missing: 0, strikes: 15 })),
);
const fit = surfaceFit(chain);

/** Whether every element that is opened is closed, in order. */
function balanced(svg: string): boolean {
  const open: string[] = [];
  for (const [, close, name = '', self] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (self === '/') continue;
    if (close === '') open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

describe('the picture of the smiles', () => {
  const svg = smilePicture(fit);

  test('has a panel per expiry, in rows of four, with a bar and a dot per quote', () => {
    expect(balanced(svg)).toBe(true);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 1224 496"/);
    const bars = [...svg.matchAll(/class="bar" d="([^"]*)"/g)].slice(1).map(([, path = '']) => path.split('M').length - 1);
    const mids = [...svg.matchAll(/class="mid" d="([^"]*)"/g)].slice(1).map(([, path = '']) => path.split('h0').length - 1);
    expect(bars).toEqual(fit.expiries.map(({ quotes }) => quotes));
    expect(mids).toEqual(bars);
    for (const { label } of fit.expiries) expect(svg).toContain(`>${label}</text>`);
    expect(svg.match(/ln\(strike \/ forward\)/g)).toHaveLength(5);
    expect(svg).toContain('annual implied vol in percent');
  });

  test('has only finite numbers, and both grounds', () => {
    expect(svg).not.toMatch(/NaN|Infinity|undefined|e-\d/);
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  test('takes names for text', () => {
    const evil = smilePicture({
      ...fit,
      symbol: '<script>alert("1")</script>&\u0007',
      smiles: fit.smiles.map((one) => ({ ...one, label: '"><b>' })),
    });
    expect(balanced(evil)).toBe(true);
    expect(evil).not.toMatch(/<script|<b>/);
    expect(evil).not.toContain('\u0007');
    expect(evil).toContain('&#60;script&#62;');
  });

  test('one expiry with one strike is a picture too', () => {
    const [smile] = fit.smiles;
    if (smile === undefined) throw new Error('no smile');
    const thin = { ...smile, smile: { ...smile.smile, points: smile.smile.points.slice(0, 1) } };
    expect(smilePicture({ ...fit, smiles: [thin] })).not.toMatch(/NaN|Infinity/);
  });
});
