/** One vault for an organisation of two workspaces: the process dies while the people of both share files. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ORG_SEED } from '../../sandbox/slack/seed.ts';
import type { Seed } from '../../sandbox/slack/types.ts';
import { until } from '../helpers/vault.ts';
import { killAgainAndAgain } from './kills.ts';
import { SIZES, someFiles } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

const TOKENS = { botToken: 'xoxb-test-bot', appToken: 'xapp-test-app', signingSecret: 'test-signing-secret' };
const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../manifest.org.json'), 'utf8'));

/** Who reads the confirmations has to be in every channel: Carla. */
const everywhere = ORG_SEED.workspaces?.map(({ name }) => name) ?? [];
const seed: Seed = {
  ...ORG_SEED,
  people: ORG_SEED.people.map((one) => (one.name === 'carla' ? { ...one, in: everywhere } : one)),
  channels: ORG_SEED.channels.map((one) => ({ ...one, members: [...new Set([...one.members, 'carla'])] })),
};

/** A person of each workspace, the channels of their own, and those that both workspaces share. */
const OWN = { anna: ['east', 'east-board'], ben: ['west', 'west-board'] };
const SHARED = ['all-acme', 'both-boards'];

/** Shares files until the end: half in channels of the own workspace, half in shared ones; some of the former in a shared one, too. */
async function share({ vault, ledger, random, of }: Stage, who: 'anna' | 'ben', isOver: () => boolean) {
  // The confirmations due, one message a second, must not grow with the slowness of the machine.
  const most = ledger.files.length + of(40, 250);
  while (!isOver() && ledger.files.length < most) {
    const where = random.pick([...OWN[who], ...SHARED]);
    const sizes = Array.from({ length: random.int(1, 3) }, () => random.pick(SIZES.slice(0, -2)));
    const [first] = await ledger.share(who, where, someFiles(random, sizes));
    if (first !== undefined && OWN[who].includes(where) && random.chance(0.3)) {
      const also = random.pick(SHARED);
      const ts = vault.slack.as(who).post(also, 'for all', { file_ids: [first.fileId] });
      ledger.alsoIn(first.fileId, also, ts);
    }
    await sleep(random.int(100, 900));
  }
}

const killed = (mode: 'socket' | 'http'): Scenario => ({
  name: `organisation: kills over ${mode === 'http' ? 'HTTP' : 'sockets'}`,
  does: 'kill -9 at random moments while people of two workspaces share files in their own channels and in those of both',
  mode,
  slack: {
    ...{ seed, limits: 'off' },
    app: {
      ...{ manifest, ...TOKENS },
      // The bot’s own address is known when it listens.
      ...(mode === 'http' ? { requestUrl: 'http://127.0.0.1:9/slack/events' } : {}),
    },
  },
  async run(stage) {
    const { vault, catalog } = stage;
    // What was shared before the bot knew its channels would be old, and kept without a word.
    const first = await vault.startBot();
    const count = seed.channels.length;
    await until('all channels to be met', async () => (await catalog.channelsMet()) >= count);
    await first.kill();
    let over = false;
    const people = Promise.all([share(stage, 'anna', () => over), share(stage, 'ben', () => over)]);
    stage.after(() => {
      over = true;
      return people;
    });
    await killAgainAndAgain(stage, stage.of(8, 60));
    over = true;
    await people;
    await vault.startBot();
  },
});

export const organisation: Scenario[] = [killed('socket'), killed('http')];
