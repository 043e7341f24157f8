/** Reads the catalogue of refusals (src/refusals): each code, with the sentences that people read. */
import { globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../src/errors.ts';

const root = resolve(import.meta.dirname, '..');

export interface Refusal {
  code: string;
  /** What the person reads. Where a value is filled in, its name stands in ‹›. */
  sentence: string;
  /** Where its factory is: file and name. */
  topic: string;
  factory: string;
}

/** Every sentence of every factory in the catalogue, by code. */
export async function readRefusals(): Promise<Refusal[]> {
  const found: Refusal[] = [];
  for (const path of globSync('src/refusals/**/*.ts', { cwd: root }).sort()) {
    const factories: Record<string, unknown> = await import(pathToFileURL(resolve(root, path)).href);
    for (const [factory, make] of Object.entries(factories)) {
      if (typeof make !== 'function' || make.prototype instanceof Error) continue;
      const refusal: unknown = make(...parameterNames(make).map(placeholder));
      if (!(refusal instanceof UserError)) continue;
      const { code, message, told } = refusal;
      for (const sentence of new Set([message, told]))
        found.push({ code, sentence: plain(String(sentence)), topic: basename(path, '.ts'), factory });
    }
  }
  return found.sort((a, b) => compare(a.code, b.code) || compare(a.sentence, b.sentence));
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The names of a factory's parameters; an object that is taken apart has none, and needs none. */
function parameterNames(make: { toString(): string }): string[] {
  const [, list = ''] = /^[^(]*\(([^)]*)\)/.exec(make.toString()) ?? [];
  return list
    .replace(/\{[^}]*\}/g, 'value')
    .split(',')
    .map((one) => one.replace(/=.*/s, '').trim())
    .filter((one) => one !== '');
}

/** Stands for any value: in a sentence it is its name, each part of it has a name too, and what it is asked, it is. */
function placeholder(name: string): unknown {
  const stand: unknown = new Proxy(() => stand, {
    get: (_, part) => {
      if (typeof part === 'symbol') return part === Symbol.toPrimitive ? () => `‹${name}›` : undefined;
      if (part in String.prototype || part in Array.prototype || part in Number.prototype) return () => stand;
      return placeholder(part);
    },
    apply: () => stand,
  });
  return stand;
}

/** As Slack shows it: `<#C123>` is a channel's name, `<@U123>` a person's. */
const plain = (sentence: string) => sentence.replace(/<([#@])(‹\w+›)>/g, '$1$2');
