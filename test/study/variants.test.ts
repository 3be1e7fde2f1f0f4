import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { variantChanges } from '../../src/study/variants.ts';
import { TINY, tinyScenario } from '../support/tiny.ts';

const withVariant = (changes: string) => tinyScenario([], [], TINY.replace(/variants:[\s\S]*$/, `variants:\n  other: ${changes}\n`));

test.each(['lstm', 'rw', 'ewma'])('the bare kind %s sets the forecaster of the subject', (kind) => {
  const changes = variantChanges(tinyScenario(), kind);
  expect(changes).toEqual([`agents.maker.forecaster=${kind}`]);
  const changed = tinyScenario(changes);
  const subject = changed.agents.find(({ name }) => name === changed.subject);
  expect(subject?.kind.forecasterKind(subject.params)).toBe(kind);
});

test('a defined one is what the scenario says, as changes that can be applied', () => {
  const changes = variantChanges(tinyScenario(), 'narrow');
  expect(changes).toEqual(['agents.maker.widthMultiplier=0.6']);
  expect(tinyScenario(changes).agents.find(({ name }) => name === 'maker')?.params).toMatchObject({ widthMultiplier: 0.6 });
  for (const change of changes) expect(() => readOverride(change)).not.toThrow();
});

test('a definition takes precedence over a kind of the same name', () => {
  const scenario = tinyScenario([], [], TINY.replace('narrow:', 'rw:'));
  expect(variantChanges(scenario, 'rw')).toEqual(['agents.maker.widthMultiplier=0.6']);
});

function refusal(act: () => unknown): InputError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error('it was not refused');
}

test('an unknown name is refused with what is known, or with what is near', () => {
  expect(refusal(() => variantChanges(tinyScenario(), 'oracle')).message).toMatch(
    /oracle.*not a variant of tiny.*narrow, rw, ewma, lstm, linear, /,
  );
  expect(refusal(() => variantChanges(tinyScenario(), 'narow')).message).toMatch(/did you mean `narrow`/);
});

describe('what all variants share may not be changed', () => {
  test.each([
    ["['world.spot=60000']", 'world.spot=60000'],
    ["['flow.rate=1']", 'flow.rate=1'],
    ["['agents.rivals.size=1']", 'agents.rivals.size=1'],
    ["['agents.makers.size=1']", 'agents.makers.size=1'],
    ["['agents.maker.size=2', 'duration=1 min']", 'duration=1 min'],
  ])('%s', (changes, named) => {
    // Refused by the one or the other, but always before anything runs.
    const error = refusal(() => variantChanges(withVariant(changes), 'other'));
    expect(error.message).toContain(named);
  });
});
