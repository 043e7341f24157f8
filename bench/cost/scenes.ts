import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bot, startVault, type TestVault, until } from '../../test/helpers/vault.ts';
import { type Command, type CommandCounts, commandsCounted, forgotten } from './commands.ts';
import {
  ANSWERED_MS,
  type Counted,
  type Counter,
  counterOf,
  EDITED_MS,
  isJournal,
  type Tally,
  tally,
} from './counting.ts';

/** How much is done; the same things in any case. */
export interface Extent {
  /** Bytes of each file whose capture is counted. */
  sizes: readonly number[];
  idleMs: number;
  /** Files that the journal's bytes are divided by. */
  journalFiles: number;
  commands: readonly Command[];
}

/** Everything that was counted. */
export interface Counts {
  /** From the start of the process until it has nothing to do, without its first sweep. */
  start: Counted;
  /** A sweep that finds nothing new, and the conversations that it walked through. */
  sweep: { channels: number; slack: Tally };
  idle: { seconds: number; counted: Counted };
  captures: { bytes: number; counted: Counted }[];
  /** Ten files in one message. */
  burst: Counted;
  /** Ten messages with a file each, one after the other, in one thread. */
  thread: Counted;
  home: { cold: Counted; warm: Counted; change: Counted };
  commands: CommandCounts[];
  download: Counted;
  /** One `GET /readyz`. */
  probe: Counted;
  /** Slack has asked both connections to reconnect. */
  reconnect: Counted;
  /** Segments of the journal, their bytes in the bucket, and the files that were captured meanwhile. */
  journal: { files: number; bytes: number; requests: Tally };
  /** What falls due by the clock, each once: the comparison, old pictures, the look at scopes. */
  chores: Counted;
}

/** Often, so that a segment is written soon; counted apart from everything else. */
const JOURNAL_SECONDS = 1;
const SWEEP_METHODS = /^(conversations\.(history|info|replies)|files\.list|users\.conversations)$/;

/** Starts the real bot against the sandbox' Slack and S3, and counts what each thing asks of them. */
export async function countEverything(extent: Extent, say: (line: string) => void): Promise<Counts> {
  const env = { VAULT_JOURNAL_SECONDS: String(JOURNAL_SECONDS) };
  const vault = await startVault({ slack: { limits: 'off' }, env });
  try {
    const counter = counterOf(vault);
    const bot = vault.launchBot();
    const started = await counter.counted(async () => {
      await bot.ready;
      await until('the first segment', async () => (await vault.journal()).length > 0);
    });
    say('started');
    const captures: Counts['captures'] = [];
    const scenes = scenesOf(vault, counter);
    const still = await counter.counted(() => sleep(extent.idleMs));
    for (const bytes of extent.sizes) captures.push({ bytes, counted: await scenes.capture(bytes) });
    say('captures');
    const burst = await scenes.burst();
    const thread = await scenes.thread();
    const home = await scenes.home();
    const reconnect = await scenes.reconnect();
    const probe = await scenes.probe(bot);
    say('burst, thread, App Home');
    const commands = await commandsCounted(vault, counter, extent.commands);
    const download = await scenes.download();
    say('commands');
    const journal = await scenes.journal(extent.journalFiles);
    refuseFailures(bot);
    await bot.stop();
    say('journal');
    const chores = await choresCounted(vault, counter, started);
    const idle = { seconds: extent.idleMs / 1_000, counted: still };
    return {
      ...{ start: withoutSweep(started), sweep: sweepOf(started), idle, captures, burst, thread, home },
      ...{ commands, download, probe, reconnect, journal, chores },
    };
  } finally {
    await vault.close();
  }
}

function withoutSweep(counted: Counted): Counted {
  const slack = Object.entries(counted.slack).filter(([method]) => !SWEEP_METHODS.test(method));
  return { ...counted, slack: Object.fromEntries(slack) };
}

function sweepOf({ slack: calls }: Counted): Counts['sweep'] {
  const swept = Object.entries(calls).filter(([method]) => SWEEP_METHODS.test(method));
  return { channels: calls['conversations.history'] ?? 0, slack: Object.fromEntries(swept) };
}

/** A refusal or an error needs fewer requests than the real thing. */
function refuseFailures({ log }: Bot): void {
  const wrong = log.find(({ level }) => level === 'warn' || level === 'error');
  if (wrong !== undefined) throw new Error(`the bot had trouble: ${JSON.stringify(wrong)}`);
}

function scenesOf(vault: TestVault, { counted }: Counter) {
  const { slack, s3 } = vault;
  const anna = slack.as('anna');
  const { botUserId } = slack.workspace;
  const confirmed = (thread: string, text: string) =>
    until(`the confirmation of ${text}`, () =>
      anna
        .messages('general')
        .some((one) => one.thread_ts === thread && one.user === botUserId && one.text.includes(text)),
    );
  const stored = () => vault.s3.list('vault-test').then((objects) => objects.length);
  const file = (name: string, bytes: number) => ({ name, content: randomBytes(bytes) });

  return {
    capture: (bytes: number) =>
      counted(async () => {
        const { ts } = await anna.share('general', file(`capture ${bytes}.bin`, bytes));
        await confirmed(ts, `capture ${bytes}.bin`);
      }),
    burst: () =>
      counted(async () => {
        const files = Array.from({ length: 10 }, (_, i) => file(`burst ${i}.txt`, 100));
        const { ts } = await anna.share('general', files);
        await confirmed(ts, '10 files');
      }),
    thread: () =>
      counted(async () => {
        const thread_ts = anna.post('general', 'a thread');
        for (let i = 0; i < 10; i++) await anna.share('general', file(`reply ${i}.txt`, 100), { thread_ts });
        await confirmed(thread_ts, '10 files');
      }, EDITED_MS),
    async journal(files: number): Promise<Counts['journal']> {
      // Journal entries of earlier files go first.
      await sleep(JOURNAL_SECONDS * 1_500);
      const earlier = new Set(await vault.journal());
      const before = await stored();
      const requestsBefore = s3.requests.list.length;
      await counted(async () => {
        // In one thread: its confirmations become one message, which nobody has to wait for.
        const thread_ts = anna.post('design', 'the reports');
        for (let i = 0; i < files; i += 10) {
          const ten = Array.from({ length: 10 }, (_, k) => file(`quarterly report ${i + k}.pdf`, 200));
          await anna.share('design', ten, { thread_ts });
        }
        await until('all of them', async () => (await stored()) === before + files, 60_000);
        await sleep(JOURNAL_SECONDS * 1_500);
      }, EDITED_MS);
      const segments = (await vault.journal()).filter((key) => !earlier.has(key));
      const packed = await Promise.all(segments.map((key) => s3.read('vault-test', key)));
      const written = s3.requests.list.slice(requestsBefore).filter(isJournal);
      const requests = tally(written.map(({ operation }) => operation));
      return { files, bytes: packed.reduce((sum, { length }) => sum + length, 0), requests };
    },
    async download() {
      const answers = () => anna.messages('general').filter(({ ephemeral }) => ephemeral);
      const link = () =>
        /"url":"(http[^"]+X-Amz-Signature[^"]+)"/.exec(JSON.stringify(answers().at(-1)))?.[1];
      await anna.command('general', '/vault get "reply 3.txt"');
      const url = await until('the link', link);
      return counted(async () => {
        const response = await fetch(url);
        if (!response.ok) throw new Error(`the link answered ${response.status}`);
        await response.arrayBuffer();
      }, ANSWERED_MS);
    },
    async home() {
      const published = () => slack.calls.count('views.publish');
      const open = (person: string) =>
        counted(async () => {
          const before = published();
          slack.as(person).home();
          await until('the App Home', () => published() > before);
        }, ANSWERED_MS);
      await forgotten(vault, 'ben');
      const cold = await open('ben');
      const warm = await open('ben');
      return { cold, warm, change: await this.capture(101) };
    },
    probe: ({ port }: Bot) =>
      counted(async () => {
        const response = await fetch(`http://127.0.0.1:${port}/readyz`);
        if (!response.ok) throw new Error(`/readyz answered ${response.status}`);
      }, ANSWERED_MS),
    reconnect: () =>
      counted(async () => {
        const before = slack.calls.count('apps.connections.open');
        slack.refreshSockets();
        await until('new connections', () => slack.calls.count('apps.connections.open') >= before + 2);
      }, ANSWERED_MS),
  };
}

/** A start at which everything is due that goes by the clock, less what a start takes itself. */
async function choresCounted(vault: TestVault, counter: Counter, start: Counted): Promise<Counted> {
  const db = new DatabaseSync(`${vault.dataDir}/vault.db`);
  db.exec(`update chore set due_at = 0 where due_at is not null;
    update chore set memo = json_set(memo, '$.scopesAt', 0) where name = 'patrol'`);
  db.close();
  const tokens = vault.slack.calls.count('auth.test');
  const full = await counter.counted(async () => {
    // A drill costs by what the bucket holds (docs/cost.md), and is done by a process of its own.
    const bot = await vault.startBot({ VAULT_JOURNAL_SECONDS: '3600', VAULT_DRILL_DAYS: '0' });
    await until('the comparison', () => bot.log.some(({ msg }) => msg === 'catalog and bucket compared'));
    // The token is asked for twice: by the start, and for its scopes by the clock.
    await until('the look at the scopes', () => vault.slack.calls.count('auth.test') >= tokens + 2);
  });
  const slack = less(withoutSweep(full).slack, start.slack);
  // The listing at a start is the journal's before its first segment, and that is far off here.
  const { ListObjectsV2: _, ...others } = start.s3;
  return { ...full, s3: less(full.s3, others), slack };
}

function less(all: Tally, part: Tally): Tally {
  const left = Object.entries(all).map(([name, count]) => [name, count - (part[name] ?? 0)] as const);
  return Object.fromEntries(left.filter(([, count]) => count > 0));
}
