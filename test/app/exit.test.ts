import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { EXIT, endingOf, FileError, Interruption } from '../../src/app/exit.ts';
import { jsonDocument, Output } from '../../src/app/output.ts';
import { packageInfo } from '../../src/app/package-info.ts';
import { durationText, progressOn } from '../../src/app/progress.ts';
import { InputError, InvariantError } from '../../src/core/assert.ts';

const noText = (): undefined => undefined;

test("the user's mistake: place, excerpt, no stack", async () => {
  const error = new InputError('a.yaml', [{ path: 'world.spot', message: 'found -1, expected more than 0', line: 2, column: 7 }]);
  expect(await endingOf(error, () => 'world:\n spot: -1\n')).toEqual({
    message: 'a.yaml:2:7  world.spot  found -1, expected more than 0\n   spot: -1\n        ^',
    code: EXIT.badInput,
  });
});

test('the machine, a signal', async () => {
  expect(await endingOf(new FileError('cannot write x: no space left on the device'), noText)).toEqual({
    message: 'volpit: cannot write x: no space left on the device',
    code: EXIT.io,
  });
  expect((await endingOf(new Interruption(EXIT.terminated), noText)).code).toBe(143);
});

test('a bug names seed, event, stack and what to do', async () => {
  const error = new InvariantError('the book is crossed');
  error.seed = '7';
  error.event = 1234;
  const { message, code } = await endingOf(error, noText);
  expect(code).toBe(EXIT.bug);
  const lines = message.split('\n');
  expect(lines[0]).toBe('volpit: a bug: the book is crossed (seed 7, event 1234)');
  expect(lines[1]).toMatch(/^\s+at .*exit\.test\.ts/);
  expect(lines.at(-1)).toContain(`volpit ${packageInfo().version}`);
  expect((await endingOf(new TypeError('x is not a function'), noText)).message).toMatch(/^volpit: a bug: x is not a function\n/);
  expect((await endingOf('thrown text', noText)).message).toMatch(/^volpit: a bug: thrown text\n/);
});

test('a JSON document has its schema and version first, and no number that JSON cannot hold', () => {
  expect(JSON.parse(jsonDocument('run', { a: [1, null] }))).toEqual({
    schema: 'volpit.run/1',
    version: packageInfo().version,
    a: [1, null],
  });
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => jsonDocument('run', { agents: [{ pnl: value }] })).toThrow(
      new InvariantError(`the field "pnl" of a JSON document is ${value}`),
    );
  }
});

/** A stream that a terminal's place can be taken by. */
function stream(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const through = new PassThrough();
  return {
    stream: Object.assign(through, { isTTY, columns: 60 }) as unknown as NodeJS.WriteStream,
    text: () => String(through.read() ?? ''),
  };
}

test('quiet silences messages, not complaints', async () => {
  const [out, err] = [stream(false), stream(false)];
  let quiet = false;
  const output = new Output(out.stream, err.stream, () => quiet);
  output.print('data');
  output.say('one');
  quiet = true;
  output.say('two');
  output.complain('three');
  expect(await output.finish()).toBeUndefined();
  expect([out.text(), err.text()]).toEqual(['data\n', 'one\nthree\n']);
});

test('a reader that has left is no fault, a full disk is', async () => {
  for (const [code, message] of [
    ['EPIPE', undefined],
    ['ENOSPC', 'cannot write to the standard output: no space left on the device'],
  ] as const) {
    const failing = new PassThrough({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });
    const output = new Output(failing as unknown as NodeJS.WriteStream, stream(false).stream, () => false);
    output.print('data');
    output.print('more');
    expect((await output.finish())?.message).toBe(message);
  }
});

test('progress: one line on a terminal, a line every ten seconds elsewhere, nothing when quiet', () => {
  let clock = 0;
  const now = (): number => clock;
  const shown = (isTTY: boolean, quiet: boolean, env: Record<string, string> = {}): string => {
    clock = 0;
    const { stream: target, text } = stream(isTTY);
    const progress = progressOn('seeds', { stream: target, quiet, now, env });
    for (const at of [0, 50, 5_000, 12_000, 15_000, 25_000]) {
      clock = at;
      progress.update(at / 1000, 30);
    }
    progress.end();
    return text();
  };
  expect(shown(true, false)).toBe(
    '\r\u001b[2Kseeds 0/30 (0 %)\r\u001b[2Kseeds 5/30 (16 %), 25 s left\r\u001b[2Kseeds 12/30 (40 %), 18 s left' +
      '\r\u001b[2Kseeds 15/30 (50 %), 15 s left\r\u001b[2Kseeds 25/30 (83 %), 5 s left\r\u001b[2K',
  );
  expect(shown(false, false)).toBe('seeds 12/30 (40 %), 18 s left\nseeds 25/30 (83 %), 5 s left\n');
  expect(shown(true, false, { TERM: 'dumb' })).toBe(shown(false, false));
  expect(shown(true, true)).toBe('');
});

test.each([
  [0.2, '1 s'],
  [59, '59 s'],
  [60, '1 min'],
  [200, '3 min 20 s'],
  [7200, '2 h'],
  [7500, '2 h 5 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
