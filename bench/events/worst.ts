import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHost, startSink } from '../hosts/start.ts';
import { loadSqlite } from '../load.ts';
import { BIG_CHANNEL, stepOf } from '../sample.ts';
import { startBot } from './bot.ts';
import type { Sent } from './load.ts';
import { botEnv, SECRET, spread } from './measure.ts';
import { type Answered, startAsker } from './questions.ts';

/** What one question did to the bot. Times in ms. */
export interface Asked {
  name: string;
  answered: Answered;
  /** The longest time that the event loop was blocked during the search. */
  heldMs: number;
  /** The longest uninterrupted work of the main thread meanwhile, without waits for a processor. */
  workMs: number;
}

export interface Worst {
  files: number;
  /** Different words in the names of all files. */
  words: number;
  /** The same without a question, for as long as a question may take. */
  quiet: Asked;
  asked: Asked[];
  /** For the events that went on meanwhile. */
  sent: number;
  acknowledged: number;
  ack: { p50: number; p99: number; max: number };
}

const COMMON = 'report invoice screenshot contract budget draft final photo meeting notes plan review'.split(
  ' ',
);
const CONSONANTS = 'bcdfghjklmnprstvwxz';
const VOWELS = 'aeiouy';
const twelve = (word: (i: number) => string) => Array.from({ length: 12 }, (_, i) => word(i)).join(' ');

/** What a member could type to keep the bot busy: each is the worst of its kind that the bot still looks for. */
const QUESTIONS: Record<string, string> = {
  'twelve common words that never come together': `find ${COMMON.join(' ')}`,
  'two common words that never come together': 'find report invoice',
  'twelve mistyped words': `find ${twelve((i) => `${(COMMON[i] as string).slice(0, -2)}xq`)}`,
  'twelve words of one letter': `find ${[...'qwxyzjkvbghu'].join(' ')}`,
  'twelve pairs of letters that no name has': `find ${twelve((i) => `${'qxzjwvykhgbu'[i]}ß`)}`,
  'twelve words of 150 letters': `find ${twelve((i) => `${(COMMON[i] as string).repeat(30)}`.slice(0, 150))}`,
  'twelve mistyped words of a few letters': `find ${twelve((i) => `${CONSONANTS[i]}akatura`)}`,
  'part of every id': 'find f0000 000 00 0',
  'a rare word of a common beginning': 'find report 99 f00000zz',
  'words with person, size and dates': 'find <@U8> plan review size:>1 before:2025-01-01 qx',
  'ten types and two missing words': `find ${'pdf png jpg docx xlsx mp4 txt zip psd mov'
    .split(' ')
    .map((type) => `type:${type}`)
    .join(' ')} qx zz`,
  'a sum that no file has': 'find sha256:bbbbbbbb',
  'get with twelve mistyped words': `get ${twelve((i) => `${(COMMON[i] as string).slice(0, -2)}xq`)}`,
  'delete with twelve common words': `delete ${COMMON.join(' ')}`,
  'a list of the largest channel': 'list',
  'statistics of everything': 'stats',
};

/** After an answer, remaining work gets this time to end. */
const REST_MS = 300;
const QUIET_MS = 2_000;

/**
 * Asks the real bot the worst questions there are, one after the other, over a catalog of so many files on SQLite, while
 * `perSecond` files a second are shared. `seconds` is for how long they are shared: the questions must fit in.
 */
export async function measureWorst(o: {
  files: number;
  perSecond: number;
  seconds: number;
  say(line: string): void;
}): Promise<Worst> {
  const closers: Array<() => unknown> = [];
  try {
    const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-worst-'));
    closers.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const named = Math.floor((o.files * 2) / 3);
    await loadSqlite(dataDir, o.files, stepOf(o.files), o.say, (i) => (i < named ? `${ownWord(i)} ` : ''));
    const words = countWords(dataDir);
    const sink = await startSink();
    closers.push(sink.close);
    const slack = await startHost('../events/slack-host.ts', null, {
      BENCH_SIGNING_SECRET: SECRET,
      BENCH_ALL_CHANNELS: '1',
    });
    closers.push(slack.host.close);
    const bot = await startBot(botEnv('http', { slackUrl: slack.host.url, s3Url: sink.url, dataDir }));
    closers.push(bot.stop);
    const asker = await startAsker(bot.url, SECRET);
    closers.push(asker.close);
    const who = { userId: 'U4', channelId: BIG_CHANNEL };
    // People and their channels are known before the first question, and the start's own work is over.
    await asker.ask({ ...who, text: 'list' });
    await sleep(QUIET_MS);
    const load = { events: o.perSecond * o.seconds, seconds: o.seconds };
    const sending = slack.ask('send', { botUrl: bot.url, load }) as Promise<Sent>;
    const watching = async (name: string, work: () => Promise<Answered>): Promise<Asked> => {
      await bot.begin();
      const answered = await work();
      await sleep(REST_MS);
      const { delayMs, longestWorkMs } = await bot.read();
      return { name, answered, heldMs: delayMs.max, workMs: longestWorkMs };
    };
    const quiet = await watching('(nothing, for two seconds)', async () => {
      await sleep(QUIET_MS);
      return { ms: QUIET_MS, text: '', told: false };
    });
    const asked: Asked[] = [];
    for (const [name, text] of Object.entries(QUESTIONS))
      asked.push(await watching(name, () => asker.ask({ ...who, text })));
    const sent = await sending;
    return {
      ...{ files: o.files, words, quiet, asked },
      ...{ sent: sent.sent, acknowledged: sent.acknowledged, ack: spread(sent.ackMs) },
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function countWords(dataDir: string): number {
  const db = new DatabaseSync(join(dataDir, 'vault.db'), { readOnly: true });
  try {
    return (db.prepare('select count(*) as n from find_word').get() as { n: number }).n;
  } finally {
    db.close();
  }
}

/** Something that can be spoken, such as `bakitora`: it shares letters with many others, as real words do. */
function ownWord(number: number): string {
  const syllables = CONSONANTS.length * VOWELS.length;
  let rest = (number * 2_654_435_761) % syllables ** 4;
  let word = '';
  for (let i = 0; i < 4; i++) {
    const at = rest % syllables;
    word += `${CONSONANTS[at % CONSONANTS.length]}${VOWELS[Math.floor(at / CONSONANTS.length)]}`;
    rest = Math.floor(rest / syllables);
  }
  return word;
}
