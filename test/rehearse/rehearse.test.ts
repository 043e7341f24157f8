import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../src/rehearse/check.ts';
import { CHECKS } from '../../src/rehearse/checks/index.ts';
import { createLedger, Left } from '../../src/rehearse/ledger.ts';
import { progressLine, summary } from '../../src/rehearse/report/screen.ts';
import { openEars } from '../../src/rehearse/slack/ears.ts';
import { postMessage } from '../../src/rehearse/slack/post.ts';
import { share } from '../../src/rehearse/slack/share.ts';
import { createCall } from '../../src/rehearse/slack/web.ts';
import { BUCKET, type Surroundings, startSurroundings } from '../../tools/rehearsal/sandbox.ts';

let there: Surroundings;
beforeAll(async () => {
  there = await startSurroundings({ s3: { versioning: true } });
});
afterAll(() => there.close());

const named = (...ids: string[]) => CHECKS.filter(({ id }) => ids.includes(id));
const ownMessages = () => {
  const { botUserId } = there.slack.workspace;
  return there.slack
    .as('anna')
    .messages('general')
    .filter(({ user }) => user === botUserId);
};

describe('a rehearsal', () => {
  it('that is interrupted takes away what it made, and what is on its way', async () => {
    const stop = new AbortController();
    const halfway: Check = {
      id: 'test.halfway',
      title: 'is interrupted',
      async run(stage) {
        await share(stage, [{ name: 'a.bin', bytes: Buffer.from('x') }]);
        await postMessage(stage, 'halfway');
        // The answer to this one is lost.
        there.slack.faults.api('chat.postMessage', { hang: true, after: true }, 1);
        const lost = postMessage(stage, 'lost').catch(() => {});
        await stage.ears?.after(0, 'the message', (one) => JSON.stringify(one).includes('lost'));
        stop.abort();
        await lost;
      },
    };
    const checks = [
      ...named('bucket.list', 'bucket.abort', 'bucket.versions'),
      halfway,
      ...named('message.post'),
    ];
    const { outcomes, left, interrupted } = await there.rehearse({ checks, signal: stop.signal });
    expect(interrupted).toBe(true);
    expect(outcomes.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'bucket.list as expected',
      'bucket.versions as expected',
      'bucket.abort as expected',
      'test.halfway failed',
    ]);
    expect(left).toEqual([]);
    expect(ownMessages()).toEqual([]);
    expect(await there.s3.list(BUCKET)).toEqual([]);
    expect(await there.s3.uploads(BUCKET)).toEqual([]);
    there.slack.faults.clear();
  });

  it('goes on after a check that fails, hangs or breaks, and says so', async () => {
    const broken: Check[] = [
      { id: 'test.hangs', title: 'hangs', withinMs: 50, run: () => new Promise(() => {}) },
      { id: 'test.breaks', title: 'breaks', run: async () => void (null as never as { x: { y: 1 } }).x.y },
    ];
    const { outcomes } = await there.rehearse({ checks: [...broken, ...named('slack.auth')] });
    expect(outcomes.map(({ state, reason }) => `${state}: ${reason}`)).toEqual([
      'failed: not done after 0.05 s',
      'failed: what came could not be read (TypeError)',
      'as expected: undefined',
    ]);
  });

  it('does not begin in a channel that the bot is not in', async () => {
    const { random } = there.slack.workspace.channels;
    await expect(there.rehearse({ channel: random as string })).rejects.toThrow(
      /the bot is not in the channel of --channel: invite it there/,
    );
  });

  it('does not begin while another bot listens with the same app', async () => {
    const { env } = there;
    const signal = new AbortController().signal;
    const call = createCall({
      token: env.SLACK_BOT_TOKEN as string,
      apiUrl: env.SLACK_API_URL as string,
      signal,
    });
    const other = await openEars({
      ...{
        call,
        signal,
        appToken: env.SLACK_APP_TOKEN as string,
        concerns: () => true,
        eventMs: 1,
        settleMs: 1,
      },
    });
    await expect(there.rehearse({ checks: named('slack.auth') })).rejects.toThrow(
      /another bot listens.*stop it/,
    );
    await other.close();
    const { outcomes } = await there.rehearse({ checks: named('slack.auth') });
    expect(outcomes[0]?.state).toBe('as expected');
  });

  it('leaves out what the bot may not do, and says what is missing', async () => {
    const people = null;
    const { outcomes } = await there.rehearse({
      ...{ checks: named('file.canvas', 'person.click', 'file.private'), people, privateChannel: undefined },
    });
    expect(outcomes.map(({ id, state, reason }) => `${id} ${state}: ${reason}`)).toEqual([
      'file.private skipped: no private channel was named (--private)',
      'file.canvas skipped: the bot does not have the scope canvases:write',
      'person.click skipped: without people (--without-people)',
    ]);
  });

  it('does not acknowledge what does not concern it', async () => {
    const posts: Check = {
      id: 'test.elsewhere',
      title: 'something happens in another channel',
      async run() {
        there.slack.as('anna').post('design', 'nothing for the rehearsal');
        await there.slack.deliveries.settled();
      },
    };
    await there.rehearse({ checks: [posts] });
    const { list } = there.slack.deliveries;
    const delivery = list.findLast((one) => JSON.stringify(one).includes('nothing for the rehearsal'));
    expect(delivery?.attempts.every(({ reason }) => reason !== undefined)).toBe(true);
  });
});

it('what cannot be taken away is told, once for each kind, and hinders nothing', async () => {
  const ledger = createLedger(50);
  const gone: string[] = [];
  ledger.add('a message', async () => void gone.push('first'));
  ledger.add('a file', () => Promise.reject(new Error('no')));
  ledger.add('a file', () => Promise.reject(new Error('no')));
  ledger.add('an object', () => Promise.reject(new Left('it is retained')));
  ledger.add('a folder', () => new Promise(() => {}));
  ledger.add('a message', async () => void gone.push('last')).done();
  expect(await ledger.cleanUp()).toEqual(['1 × a folder', '1 × an object (it is retained)', '2 × a file']);
  expect(gone).toEqual(['first']);
});

it('every check has a name of its own, and its line fits on a terminal of 80 characters', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(40);
  for (const { id, title } of CHECKS) {
    expect(id).toMatch(/^[a-z]+\.[a-z0-9-]+$/);
    for (const state of ['as expected', 'deviates'] as const)
      expect(progressLine({ id, title, state }).length, id).toBeLessThanOrEqual(80);
  }
  const long = { kind: 'missing', path: 'event.body.payload.event.files[].mode', matters: true } as const;
  const deviation = { ...long, expected: 'hosted or snippet', seen: 'not there' };
  const told = {
    id: 'file.heard',
    title: 'x',
    state: 'deviates',
    matters: [deviation],
    harmless: [],
  } as const;
  const text = summary([{ ...told, matters: [deviation], harmless: [] }], ['3 × a file'], 'rehearsal.md');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
