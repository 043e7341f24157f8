// @slow: a whole rehearsal for each fault.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/rehearse/checks/index.ts';
import type { Rehearsal } from '../../src/rehearse/rehearse.ts';
import { type About, safePage } from '../../src/rehearse/report/page.ts';
import { lineOf, toTell } from '../../src/rehearse/report/told.ts';
import { expectedAt } from '../../src/rehearse/shapes/expected.ts';
import { BUCKET, type Surroundings, startSurroundings } from '../../tools/rehearsal/sandbox.ts';
import { type Changes, crooked } from './crooked.ts';
import { PLANTS } from './plants.ts';

// The bot's own check is tried by itself: it starts processes.
const checks = CHECKS.filter(({ id }) => id !== 'bot.kill');
const expected = expectedAt('aws') ?? {};
const times = {
  eventMs: 1_500,
  settleMs: 60,
  postEveryMs: 0,
  botMs: 60_000,
  personMs: 1_500,
  againMs: 3_000,
};
const about: About = {
  ...{ version: '0.0.0', node: '0', store: 'aws', hearing: 'Socket Mode', left: [], interrupted: false },
};

/** A rehearsal with these plants, each only while its check runs. */
async function rehearsed(there: Surroundings, plants: typeof PLANTS): Promise<Rehearsal> {
  let current = 0;
  const changes = (): Changes => plants.find(({ check }) => check === checks[current]?.id)?.changes ?? {};
  const between = await crooked(there, changes);
  try {
    return await there.rehearse({ checks, expected, times, onEnd: () => current++ });
  } finally {
    between.close();
  }
}

function pageOf({ outcomes, values }: Rehearsal): string {
  return safePage(toTell(outcomes, values), about, values);
}

describe('a rehearsal', () => {
  let there: Surroundings;
  beforeAll(async () => {
    there = await startSurroundings({ s3: { versioning: true } });
  });
  afterAll(() => there.close());

  it('reports nothing where all is as the sandbox has it, and leaves nothing behind', async () => {
    const own = await startSurroundings();
    const clean = await rehearsed(own, []);
    const others = clean.outcomes.filter(({ state }) => state !== 'as expected');
    expect(others.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([
      'file.canvas: the bot does not have the scope canvases:write',
      'file.remote: the bot does not have the scope remote_files:write',
      expect.stringContaining('limit.429'),
    ]);
    expect(
      clean.outcomes.flatMap(({ id, deviations }) => deviations.map((one) => `${id} ${lineOf(one)}`)),
    ).toEqual([]);
    const bot = own.slack.workspace.botUserId;
    const messages = own.slack.as('anna').messages('general');
    // What only one person sees goes by itself.
    expect(messages.filter(({ user, ephemeral }) => user === bot && !ephemeral)).toEqual([]);
    expect(await own.s3.list(BUCKET)).toEqual([]);
    expect(await own.s3.uploads(BUCKET)).toEqual([]);
    await own.close();
  });

  describe('with planted deviations', () => {
    let planted: Rehearsal;
    let page: string;
    beforeAll(async () => {
      planted = await rehearsed(there, PLANTS);
      page = pageOf(planted);
    });

    it('has at least twenty of them, at most one in each check', () => {
      const ids = PLANTS.map(({ check }) => check);
      expect(ids.length).toBeGreaterThanOrEqual(20);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it.each(PLANTS)('names $check: $what', ({ check, told }) => {
      const lines = page.split('\n').filter((line) => line.startsWith(`- **${check}** `));
      expect(lines.join('\n')).toMatch(told);
      const outcome = planted.outcomes.find(({ id }) => id === check);
      expect(['deviates', 'failed']).toContain(outcome?.state);
    });

    it('finds nothing in the other checks', () => {
      const ids = new Set(PLANTS.map(({ check }) => check));
      const wrong = planted.outcomes.filter(
        ({ id, state }) => !ids.has(id) && (state === 'deviates' || state === 'failed'),
      );
      expect(wrong.map(({ id, reason }) => `${id} ${reason}`)).toEqual([]);
    });
  });
});
