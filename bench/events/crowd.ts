import { setTimeout as sleep } from 'node:timers/promises';
import { moment } from '../../src/blocks/text/wording.ts';
import { BUCKET, startVault, type TestVault, until } from '../../test/helpers/vault.ts';

export interface Crowd {
  /** So many people type `/vault get` … */
  people: number;
  /** … within so many seconds (0: all at once) … */
  seconds: number;
  /** … while so many App Homes of other people are due. */
  homes: number;
}

/** How a crowd was served. Times in ms. */
export interface Served {
  asked: number;
  answered: number;
  /** Answers that hold the file. */
  right: number;
  /** People who were told "one moment" before. */
  told: number;
  /** From the command to the answer; without an answer, how long the benchmark waited. */
  ms: number[];
  /** App Homes that were published by the time of the last answer, and after waiting for them. */
  homes: { meanwhile: number; later: number };
  /** Calls that Slack got, and how many of them it refused as too many. */
  calls: Record<string, number>;
  refused: number;
}

const CHANNEL = 'general';
const FILE = 'report for everybody.csv';
const ANSWER_MS = 60_000;
const HOMES_MS = 120_000;

/**
 * The real bot with the sandbox's Slack, which limits calls as Slack does: a crowd types `/vault get` while App Homes
 * are due and the channels are swept, as at every start.
 */
export async function measureCrowd({ people, seconds, homes }: Crowd): Promise<Served> {
  const names = (what: string, count: number) => Array.from({ length: count }, (_, at) => `${what}${at}`);
  const [askers, watchers] = [names('asker', people), names('watcher', homes)];
  const everybody = [...askers, ...watchers];
  const vault = await startVault({
    slack: {
      limits: 'slack',
      seed: {
        team: { name: 'Crowd', domain: 'crowd' },
        people: everybody.map((name) => ({ name, real_name: name, role: 'member', color: '#2f7d6b' })),
        channels: [
          { name: CHANNEL, members: [...everybody, 'bot'] },
          { name: 'board', private: true, members: [askers[0] as string, 'bot'] },
        ],
      },
    },
  });
  try {
    const first = vault.slack.as(askers[0] as string);
    await first.share(CHANNEL, { name: FILE, content: 'a,b,c' });
    await vault.startBot();
    await until('the file', () => stored(vault));
    for (const name of watchers) vault.slack.as(name).home();
    const began = performance.now();
    const told = new Set<string>();
    const served = await Promise.all(
      askers.map(async (name, at) => {
        await sleep(Math.max(0, (at * seconds * 1_000) / people - (performance.now() - began)));
        const answer = answerTo(vault, name, told);
        await vault.slack.as(name).command(CHANNEL, `/vault get ${FILE}`);
        return answer;
      }),
    );
    const meanwhile = published(vault);
    if (homes > 0) await until('the App Homes', () => published(vault) >= homes, HOMES_MS);
    const calls: Record<string, number> = {};
    for (const { method } of vault.slack.calls.list) calls[method] = (calls[method] ?? 0) + 1;
    const answers = served.filter((one) => one !== undefined);
    return {
      asked: people,
      answered: answers.length,
      right: answers.filter(({ text }) => text.includes(FILE)).length,
      told: told.size,
      ms: served.map((one) => one?.ms ?? ANSWER_MS),
      homes: { meanwhile, later: published(vault) },
      calls,
      refused: vault.slack.calls.list.filter(({ error }) => error === 'ratelimited').length,
    };
  } finally {
    await vault.close();
  }
}

async function stored({ s3 }: TestVault): Promise<boolean> {
  return (await s3.list(BUCKET)).length > 0;
}

function published({ slack }: TestVault): number {
  const users = slack.calls.list.filter(({ method }) => method === 'views.publish');
  return new Set(users.map(({ args }) => args.user_id)).size;
}

/**
 * The first answer that does not only ask to wait; undefined if none came in time. People who were told to wait go into
 * `told`.
 */
function answerTo(
  { slack }: TestVault,
  name: string,
  told: Set<string>,
): Promise<{ text: string; ms: number } | undefined> {
  const asked = performance.now();
  return new Promise((resolve) => {
    const end = (answer: { text: string; ms: number } | undefined) => {
      clearTimeout(late);
      stop();
      resolve(answer);
    };
    const late = setTimeout(() => end(undefined), ANSWER_MS);
    const stop = slack.as(name).listen((event) => {
      if (event.type !== 'message' || !event.message.ephemeral) return;
      const text = JSON.stringify(event.message);
      if (text.includes(moment.text)) told.add(name);
      else end({ text, ms: performance.now() - asked });
    });
  });
}
