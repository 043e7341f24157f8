import { expect, it } from 'vitest';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { slackCheck } from '../../src/start/check-slack.ts';

/** Slack whose next answers are these; the last one stays. */
function slackThatSays(...answers: Array<string | 'fine'>) {
  let calls = 0;
  const api = {
    async call() {
      const said = answers[Math.min(calls, answers.length - 1)] ?? 'fine';
      calls += 1;
      if (said !== 'fine')
        throw new SlackApiError('auth.test', said, { temporary: said !== 'token_revoked' });
      return {};
    },
  } as unknown as SlackApi;
  return { api, calls: () => calls };
}

const SOCKETS = { connected: () => 2 };
const MINUTE_MS = 60_000;

function clock() {
  let at = 0;
  const pass = (ms: number) => {
    at += ms;
  };
  return { now: () => at, pass };
}

it('asks for the token at most once a minute, however often somebody asks', async () => {
  const { api, calls } = slackThatSays('fine');
  const { now, pass } = clock();
  const look = slackCheck({ slack: api, receiver: SOCKETS, now });
  expect(calls()).toBe(0);
  for (let i = 0; i < 20; i++) expect(await look()).toBe('2 connections');
  pass(MINUTE_MS - 1);
  await look();
  expect(calls()).toBe(1);
  pass(1);
  await look();
  expect(calls()).toBe(2);
});

it.each(['token_revoked', 'account_inactive', 'invalid_auth', 'token_expired'])(
  'a token that Slack refuses (%s) is down although the sockets are open, until Slack takes it again',
  async (code) => {
    const { api } = slackThatSays(code, 'fine');
    const { now, pass } = clock();
    const look = slackCheck({ slack: api, receiver: SOCKETS, now });
    await expect(look()).rejects.toMatchObject({ code });
    pass(MINUTE_MS);
    expect(await look()).toBe('2 connections');
  },
);

it.each(['ratelimited', 'rate_limited'])('a rate limit (%s) is an answer', async (code) => {
  for (const receiver of [SOCKETS, {}]) {
    const { now, pass } = clock();
    const look = slackCheck({ slack: slackThatSays(code).api, receiver, now });
    for (let minute = 0; minute < 5; minute++) {
      expect(await look()).toBe(receiver === SOCKETS ? '2 connections' : 'http');
      pass(MINUTE_MS);
    }
  }
});

it('while the Web API is away, open sockets show that Slack is there', async () => {
  const { now, pass } = clock();
  const look = slackCheck({ slack: slackThatSays('http_503').api, receiver: SOCKETS, now });
  for (let minute = 0; minute < 5; minute++) {
    expect(await look()).toBe('2 connections, the Web API does not answer (http_503)');
    pass(MINUTE_MS);
  }
  const none = slackCheck({ slack: slackThatSays('fine').api, receiver: { connected: () => 0 }, now });
  expect(await none()).toBe('down: not connected');
});

it('over HTTP, one question without an answer is chance, two in a row are an outage', async () => {
  const { now, pass } = clock();
  const said = ['http_503', 'fine', 'unreachable', 'unreachable', 'fine'];
  const look = slackCheck({ slack: slackThatSays(...said).api, receiver: {}, now });
  const words: string[] = [];
  for (const _ of said) {
    words.push(await look().catch(({ code }) => `down: ${code}`));
    pass(MINUTE_MS);
  }
  expect(words).toEqual([
    'http, the Web API does not answer (http_503)',
    'http',
    'http, the Web API does not answer (unreachable)',
    'down: unreachable',
    'http',
  ]);
});

it('whoever asks waits no longer than two seconds for a Slack that hangs, and gets its answer the next time', async () => {
  const hanging = Promise.withResolvers<never>();
  const api = { call: () => hanging.promise } as unknown as SlackApi;
  const look = slackCheck({ slack: api, receiver: SOCKETS });
  const before = performance.now();
  expect(await look()).toBe('2 connections');
  expect(performance.now() - before).toBeLessThan(2_900);
  hanging.reject(new SlackApiError('auth.test', 'token_revoked'));
  await expect(look()).rejects.toMatchObject({ code: 'token_revoked' });
});
