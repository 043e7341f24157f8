import { readFileSync } from 'node:fs';
import type { Expected } from '../run.ts';
import type { Shape } from './shape.ts';

/** What the sandbox sends, as `npm run rehearse:shapes` wrote it down. */
interface Written {
  /** For Slack, the bucket and links at AWS, and the bot. */
  checks: Expected;
  /** Where another store's answers differ from AWS's. */
  stores: Record<string, Expected>;
}

const FILE = new URL('./expected.json', import.meta.url);

/** What the sandbox sends, with a bucket at this store. Undefined for a store that nobody wrote down. */
export function expectedAt(store: string): Expected | undefined {
  const { checks, stores } = written();
  if (store === 'aws') return checks;
  const others = Object.hasOwn(stores, store) ? stores[store] : undefined;
  if (others === undefined) return undefined;
  const looks = (id: string): Record<string, Shape> => ({ ...checks[id], ...others[id] });
  return Object.fromEntries([...Object.keys(checks), ...Object.keys(others)].map((id) => [id, looks(id)]));
}

/** The stores whose answers are known. */
export function knownStores(): string[] {
  return ['aws', ...Object.keys(written().stores)];
}

function written(): Written {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}
