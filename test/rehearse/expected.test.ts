// @slow: a whole rehearsal.
import { expect, it } from 'vitest';
import type { Expected } from '../../src/rehearse/run.ts';
import { compare } from '../../src/rehearse/shapes/compare.ts';
import { expectedAt } from '../../src/rehearse/shapes/expected.ts';
import { record } from '../../tools/rehearsal/record.ts';

/** One in which much differs from AWS stands for all: each store takes seconds. */
const STORE = 'gofakes3';

it('what the rehearsal expects is what the sandbox sends now (npm run rehearse:shapes writes it)', async () => {
  const { checks, stores } = await record([STORE]);
  const differ = (a: Expected, b: Expected) =>
    Object.entries(a).flatMap(([id, looks]) =>
      Object.entries(looks).flatMap(([name, shape]) => {
        const other = b[id]?.[name];
        if (other === undefined) return [`${id} ${name} is new`];
        return compare(name, other, shape).map(({ path }) => `${id} ${path}`);
      }),
    );
  const written = expectedAt('aws') ?? {};
  const there = expectedAt(STORE) ?? {};
  const fresh = Object.fromEntries(Object.entries(stores[STORE] ?? {}));
  const writtenOfStore = Object.fromEntries(Object.keys(fresh).map((id) => [id, there[id] ?? {}]));
  expect({
    'sent and not expected': differ(checks, written),
    'expected and not sent': differ(written, checks),
    'sent by a store and not expected': differ(fresh, writtenOfStore),
  }).toEqual({
    'sent and not expected': [],
    'expected and not sent': [],
    'sent by a store and not expected': [],
  });
});
