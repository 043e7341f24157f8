/** npm is told to be quiet (.npmrc), so what it would warn of is looked at here. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  version?: string;
  deprecated?: string;
  engines?: { node?: string };
}
const read = (path: string) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };
const { optionalDependencies } = read('package.json') as { optionalDependencies: Record<string, string> };
/** The Node that the packages bring along. */
const NODES = [...new Set(Object.values(optionalDependencies))];
const names = Object.keys(packages).filter((name) => name !== '');

describe('the packages', () => {
  it('bring one version of Node, for every system', () => {
    expect(NODES).toHaveLength(1);
    expect(readFileSync(new URL('../.nvmrc', import.meta.url), 'utf8').trim()).toBe(NODES[0]?.split('.')[0]);
  });

  it('all run on the Node that comes along', () => {
    const unfit = names.filter((name) => !fits(NODES[0] as string, packages[name]?.engines?.node ?? '*'));
    expect(unfit).toEqual([]);
  });

  it('are none that their makers call deprecated', () => {
    expect(names.filter((name) => packages[name]?.deprecated !== undefined)).toEqual([]);
  });
});

describe('a range of versions', () => {
  it.each([
    ['26.10.0', '>=22.19.0', true],
    ['26.10.0', '>= 0.4', true],
    ['26.10.0', '^22.12.0 || ^24.0.0 || >=26.0.0', true],
    ['26.10.0', '20 || >=22', true],
    ['26.10.0', '^22.12.0 || ^24.0.0', false],
    ['26.10.0', '>=18 <26', false],
    ['26.10.0', '>=27', false],
    ['20.20.2', '>=20.20.3', false],
    ['26.10.0', '*', true],
  ])('%s in %s: %s', (version, range, expected) => {
    expect(fits(version, range)).toBe(expected);
  });
});

/** Whether a version is in a range of npm's: alternatives of comparisons. Throws for one that it cannot read. */
function fits(version: string, range: string): boolean {
  return range.split('||').some((part) =>
    part
      .replaceAll(/([<>=^~])\s+/g, '$1')
      .trim()
      .split(/\s+/)
      .every((one) => compares(version, one)),
  );
}

function compares(version: string, comparison: string): boolean {
  if (comparison === '*' || comparison === '') return true;
  const [, sign = '', wanted = ''] =
    /^(>=|<=|>|<|\^|~|=|)v?(\d+(?:\.\d+){0,2})(?:\.x)*$/.exec(comparison) ?? [];
  if (wanted === '') throw new Error(`cannot read the range ${comparison}`);
  const order = compare(version, wanted);
  const sameTo = (parts: number) =>
    version.split('.').slice(0, parts).join('.') === wanted.split('.').slice(0, parts).join('.');
  switch (sign) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '^':
      return order >= 0 && sameTo(1);
    case '~':
      return order >= 0 && sameTo(Math.min(2, wanted.split('.').length));
    default:
      return sameTo(wanted.split('.').length);
  }
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((one) => one.split('.').map(Number));
  for (let at = 0; at < 3; at += 1) {
    const apart = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (apart !== 0) return apart;
  }
  return 0;
}
