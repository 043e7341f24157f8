/** Writes down what the sandbox sends, for `npm run rehearse` to compare with. */
import { type DialectName, STORE_NAMES } from '../../sandbox/s3/dialects/index.ts';
import type { S3Options } from '../../sandbox/s3/server.ts';
import { CHECKS } from '../../src/rehearse/checks/index.ts';
import type { Expected } from '../../src/rehearse/run.ts';
import { compare } from '../../src/rehearse/shapes/compare.ts';
import { merge } from '../../src/rehearse/shapes/shape.ts';
import { startSurroundings } from './sandbox.ts';

/** What depends on the store. */
const OF_BUCKET = CHECKS.filter(({ id }) => /^(bucket|link)\./.test(id));
const WITHOUT_BOT = CHECKS.filter(({ id }) => id !== 'bot.kill');

/** Real stores. The others are AWS with a policy of somebody's, or nobody's at all. */
export const STORES = STORE_NAMES.filter((name) => !name.startsWith('aws-') && name !== 'least');

/** What the file holds. The bot's own check takes long, and what it must find out is plain. */
export async function record(
  names: typeof STORES = STORES,
): Promise<{ checks: Expected; stores: Record<string, Expected> }> {
  const bucketsOfAws: Array<Partial<S3Options>> = [{ versioning: true }, {}, { objectLock: true }];
  const [first, ...others] = bucketsOfAws;
  let checks = await seen(WITHOUT_BOT, first);
  for (const s3 of others) checks = mergeAll(checks, await seen(OF_BUCKET, s3));
  checks['bot.kill'] = { 'the file': BOT_FACTS };
  const stores: Record<string, Expected> = {};
  for (const name of names) {
    const dialects: DialectName[] = [name];
    const there = mergeAll(
      await seen(OF_BUCKET, { versioning: true, dialects }),
      await seen(OF_BUCKET, { dialects }),
    );
    stores[name] = different(checks, there);
  }
  return { checks, stores };
}

const word = (said: string) => ({ kinds: ['text'], words: [said] });
const BOT_FACTS = {
  kinds: ['object'],
  keys: {
    facts: {
      kinds: ['object'],
      keys: {
        'cut in the middle': word('yes'),
        'objects in the bucket': word('1'),
        'the same bytes': word('yes'),
        'told in the channel': word('1'),
      },
    },
  },
};

async function seen(checks: typeof CHECKS, s3: Partial<S3Options> = {}): Promise<Expected> {
  const there = await startSurroundings({ s3 });
  try {
    const { outcomes } = await there.rehearse({ checks });
    const broken = outcomes.filter(({ state }) => state === 'failed');
    if (broken.length > 0)
      throw new Error(broken.map(({ id, reason }) => `${id}: ${reason}`).join('\n'), { cause: s3 });
    return Object.fromEntries(outcomes.map(({ id, shapes }) => [id, shapes]));
  } finally {
    await there.close();
  }
}

function mergeAll(a: Expected, b: Expected): Expected {
  const ids = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(
    ids.map((id) => {
      const names = [...new Set([a[id], b[id]].flatMap((looks) => Object.keys(looks ?? {})))];
      const both = (name: string) => [a[id]?.[name], b[id]?.[name]].filter((one) => one !== undefined);
      return [id, Object.fromEntries(names.map((name) => [name, both(name).reduce(merge)]))];
    }),
  );
}

/** Only the looks that AWS's shapes do not cover. */
function different(aws: Expected, there: Expected): Expected {
  const found: Expected = {};
  for (const [id, looks] of Object.entries(there)) {
    for (const [name, shape] of Object.entries(looks)) {
      const known = aws[id]?.[name];
      if (known !== undefined && compare('', known, shape).length === 0) continue;
      found[id] = { ...found[id], [name]: shape };
    }
  }
  return found;
}
