import { createRequire } from 'node:module';
import { type Env, oneOf, wholeNumber, words } from './env.ts';
import { ConfigError } from './errors.ts';

/** How files are read, where what is in them is searched. */
export interface ReadingPolicy {
  /** Of one processor, how much reading takes at most in the long run, in per cent. */
  percent: number;
  /** When files are read that were old already when they were stored: at any time, or at night. */
  older: 'always' | 'nights';
  /** The languages of pictures and scans, as Tesseract names them (`eng`); none: they are not read. */
  ocr: readonly string[];
  /** Whether a small picture of a document's first page is made. */
  previews: boolean;
}

const { resolve } = createRequire(import.meta.url);

/** Throws `ConfigError`, also for a language whose data is not installed. */
export function readingPolicy(env: Env): ReadingPolicy {
  return {
    percent: wholeNumber(env, 'VAULT_READ_PERCENT', 50, 1, 100),
    older: oneOf(env, 'VAULT_READ_OLDER', ['always', 'nights'] as const, 'always'),
    ocr: languages(env),
    previews: oneOf(env, 'VAULT_PREVIEWS', ['on', 'off'] as const, 'on') === 'on',
  };
}

const LANGUAGE = /^[a-z]{3}(_[a-z]{3,4})*$/;

function languages(env: Env): string[] {
  const named = [...new Set(words(env, 'VAULT_OCR').filter((word) => word !== 'off'))];
  const wrong = named.find((name) => !LANGUAGE.test(name));
  if (wrong !== undefined)
    throw new ConfigError(
      'VAULT_OCR',
      `VAULT_OCR must list languages as Tesseract names them, such as eng,deu, not "${wrong}".`,
    );
  const missing = [
    ...(named.length > 0 ? ['tesseract.js-core@7'] : []),
    ...named.map((name) => `@tesseract.js-data/${name}@1`),
  ].filter((name) => !isInstalled(name.replace(/@\d+$/, '')));
  if (missing.length > 0)
    throw new ConfigError(
      'VAULT_OCR',
      `VAULT_OCR needs packages that are not installed: npm install --no-save ${missing.join(' ')}`,
    );
  return named;
}

function isInstalled(name: string): boolean {
  try {
    resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
