/** Documents that are meant to break the bot that reads them, while people go on sharing. */
import { readFileSync } from 'node:fs';
import { deliver, envelope } from '../helpers/slack-payloads.ts';
import { until } from '../helpers/vault.ts';
import {
  bomb,
  deep,
  endless,
  holes,
  laughs,
  loop,
  manyNotes,
  manyPages,
  nested,
  oneWord,
  packedPage,
} from '../reading/hostile-files.ts';
import { docx, paragraph, run } from '../reading/office.ts';
import type { File } from './ledger.ts';
import { firstStart, someFiles } from './people.ts';
import { untilDone } from './progress.ts';
import type { Scenario, Stage } from './scenario.ts';

const MIB = 1024 ** 2;
/** What the bot may grow by while others read for it: their text, and what it says in between. */
const MOST_MORE_MIB = 150;
/**
 * A document is killed after three minutes and tried again some five minutes later: so long nothing need change on a machine that is
 * busy with others. Each is tried four times at most.
 */
const PATIENCE_MS = 10 * 60_000;
const MOST_MS = 60 * 60_000;
/** How long a share and the first reading wait for a busy machine. */
const BEGIN_MS = 5 * 60_000;

/** Names, and what must become of them: read, or the reason why not. Null: any of these. */
type Hostile = File & { name: string; ends: string | null };

async function hostileFiles({ of }: Stage): Promise<Hostile[]> {
  const made: [string, Buffer | Promise<Buffer>, string | null][] = [
    ['bomb.docx', bomb(of(600, 900)), 'too_large'],
    ['nested.zip', nested(8), 'read'],
    ['laughs.docx', laughs(), 'read'],
    ['deep.docx', deep(200_000), 'damaged'],
    ['endless.docx', endless(of(8, 200)), 'too_large'],
    ['pages.pdf', manyPages(of(500, 10_000)), null],
    ['packed.pdf', packedPage(of(100, 500)), null],
    ['loop.pdf', loop(), null],
    ['notes.pdf', manyNotes(of(2_000, 50_000)), null],
    ['holes.pdf', holes(of(500, 4_000)), null],
    ['word.eml', oneWord(of(100_000, 1_200_000)), 'read'],
    ['long.txt', Buffer.alloc(of(40, 300) * MIB, 'words without end\n'), 'too_large'],
    ['cut.docx', (await docx(paragraph(run('words '.repeat(9_000))))).subarray(0, -40), 'damaged'],
  ];
  return Promise.all(made.map(async ([name, content, ends]) => ({ name, content: await content, ends })));
}

interface Measured {
  /** Of acknowledgements, in ms. */
  p99: number;
  /** From a share until the file is stored, in ms. */
  capture: number;
  memoryMib: number;
}

const documents: Scenario = {
  name: 'hostile: documents',
  does: 'zip bombs, loops, laughs, ten thousand pages, texts without end are read, while files are shared: all are stored, and the bot is as before',
  mode: 'http',
  // Reading all of them takes minutes; CI reads the like one by one (test/reading/hostile.test.ts).
  fullOnly: true,
  env: { VAULT_TEXT: 'contents', VAULT_READ_PERCENT: '100' },
  async run(stage) {
    const { ledger, catalog } = stage;
    const bot = await firstStart(stage);
    const calm = await measure(stage, bot);
    const files = await hostileFiles(stage);
    const shared = await ledger.share('anna', 'general', files);
    const [ordinary] = await ledger.share('anna', 'general', [
      { name: 'ordinary.docx', content: await docx(paragraph(run('an ordinary document'))) },
    ]);
    await until(
      'reading to begin',
      async () => (await catalog.readings()).some(({ lease_owner }) => lease_owner),
      BEGIN_MS,
    );
    const busy = await measure(stage, bot);
    // What may end in any way needs no second try.
    const anyhow = new Set(files.flatMap(({ ends }, at) => (ends === null ? [shared[at]?.fileId] : [])));
    await untilDone(
      'all to be read',
      async () => {
        const waiting = (await catalog.readings()).filter(
          ({ file_id, state, attempts, lease_owner }) =>
            state === 'waiting' && !(anyhow.has(file_id) && attempts > 0 && lease_owner === null),
        );
        const told = waiting.map((row) => `${row.file_id} ${row.attempts} ${row.lease_owner !== null}`);
        return waiting.length === 0 ? null : told.sort().join(', ');
      },
      { patienceMs: PATIENCE_MS, mostMs: MOST_MS },
    );
    const after = memoryOf(bot.process.pid);
    const ends = new Map((await catalog.readings()).map((row) => [row.file_id, row]));
    const wrong = files.flatMap(({ name, ends: expected }, at) => {
      const row = ends.get(shared[at]?.fileId ?? '');
      const is = row?.reason ?? row?.state ?? 'nothing';
      return expected === null || is === expected ? [] : [`${name}: ${is}, not ${expected}`];
    });
    if (ends.get(ordinary?.fileId ?? '')?.state !== 'read') wrong.push('ordinary.docx: not read');
    if (bot.process.exitCode !== null) wrong.push('the bot ended');
    const more = Math.max(busy.memoryMib, after) - calm.memoryMib;
    if (more > MOST_MORE_MIB) wrong.push(`the bot took ${more.toFixed(0)} MiB more`);
    if (stage.scale === 'full') console.log(`      ${told(calm, busy, after)}`);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  },
};

function told(calm: Measured, busy: Measured, after: number): string {
  const pair = (of: (one: Measured) => number, unit: string) =>
    `${of(calm).toFixed(0)} → ${of(busy).toFixed(0)} ${unit}`;
  return [
    `without and with hostile documents: acknowledged (p99) ${pair((one) => one.p99, 'ms')}`,
    `share to stored (median) ${pair((one) => one.capture, 'ms')}`,
    `the bot's memory ${pair((one) => one.memoryMib, 'MiB')}, ${after.toFixed(0)} MiB when all were read`,
  ].join(', ');
}

/** Events one after the other, and files that are shared meanwhile. */
async function measure(stage: Stage, bot: Awaited<ReturnType<typeof firstStart>>): Promise<Measured> {
  const { vault, ledger, catalog, random } = stage;
  const user = vault.slack.workspace.people.anna as string;
  const waits: number[] = [];
  const captures: number[] = [];
  for (let round = 0; round < stage.of(3, 12); round++) {
    for (let count = 0; count < 20; count++) {
      const event = {
        type: 'app_home_opened',
        user,
        channel: 'D1',
        tab: 'messages',
        event_ts: '1795420000.000100',
      };
      const began = performance.now();
      await deliver(vault, bot, envelope(vault, event));
      waits.push(performance.now() - began);
    }
    const began = performance.now();
    const [one] = await ledger.share('anna', 'design', someFiles(random, [50_000]));
    await until(
      'it is stored',
      async () =>
        (await catalog.files()).some(({ file_id, state }) => file_id === one?.fileId && state === 'stored'),
      BEGIN_MS,
    );
    captures.push(performance.now() - began);
  }
  return { p99: at(waits, 0.99), capture: at(captures, 0.5), memoryMib: memoryOf(bot.process.pid) };
}

function at(numbers: number[], share: number): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN;
}

/** What a process has in memory (proc(5)), in MiB. */
function memoryOf(pid: number | undefined): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1_024;
}

export const hostileDocuments: Scenario[] = [documents];
