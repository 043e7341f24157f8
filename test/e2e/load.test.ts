/** What strangers can send to the public port: it must cost almost nothing, and never get in Slack's way. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, pour, type RawRequest, rawRequest, signed } from '../helpers/raw-http.ts';
import { type Bot, startVault, type TestVault } from '../helpers/vault.ts';

const MB = 1024 * 1024;
const EVENTS = 'POST /slack/events';

/** What looks like Slack's signature, made by somebody who has no secret. */
const lookAlike = () => signed('', { secret: 'a guess' });

function rssOf({ process: { pid } }: Bot): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
}

let vault: TestVault;
let bot: Bot;
beforeAll(async () => {
  vault = await startVault({ mode: 'http' });
  bot = await vault.startBot();
});
afterAll(() => vault.close());

/** The one that its headers do not give away: it is refused once too much of it has come. */
const READ_FIRST = 'with a look-alike signature, of no known length';

describe('a body of 300 MB, three at once', () => {
  const chunk = (piece: Buffer) =>
    Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
  const bare = (piece: Buffer) => piece;

  it.each<[string, string, (piece: Buffer) => Buffer, number]>([
    ['unsigned', head(EVENTS, { 'content-length': 300 * MB }), bare, 413],
    ['unsigned, of no known length', head(EVENTS, { 'transfer-encoding': 'chunked' }), chunk, 401],
    ['unsigned, said to be small', head(EVENTS, { 'content-length': 4 * MB }), bare, 401],
    [
      'with a signature of no good form',
      head(EVENTS, { 'content-length': 4 * MB, 'x-slack-signature': 'v0=x', 'x-slack-request-timestamp': 1 }),
      bare,
      401,
    ],
    [READ_FIRST, head(EVENTS, { 'transfer-encoding': 'chunked', ...lookAlike() }), chunk, 413],
    ['to another path', head('POST /other', { 'content-length': 300 * MB }), bare, 404],
    ['with another method', head('PUT /slack/events', { 'transfer-encoding': 'chunked' }), chunk, 404],
    ['to the health page', head('GET /healthz', { 'content-length': 300 * MB }), bare, 413],
  ])('%s: is refused, not read, and cut off', async (name, first, frame, status) => {
    // In the flood the answer may be lost with the connection, so that it is read here first.
    if (name !== READ_FIRST) {
      const quiet = await rawRequest(bot.port, first);
      await quiet.closed;
      expect(quiet.answer()).toContain(`HTTP/1.1 ${status} `);
    }
    const before = rssOf(bot);
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, rssOf(bot));
    }, 50);
    try {
      const three = await Promise.all([1, 2, 3].map(() => rawRequest(bot.port, first)));
      const sent = await Promise.all(three.map((request) => pour(request, 300 * MB, frame)));
      await Promise.all(three.map((request) => request.closed));
      // What the machine's own buffers take is not the bot's.
      expect(Math.max(...sent)).toBeLessThan(40 * MB);
      for (const { answer } of three) if (answer() !== '') expect(answer()).toContain(` ${status} `);
    } finally {
      clearInterval(timer);
    }
    expect(most - before).toBeLessThan(60 * MB);
  });

  it('is told at once, before a byte of it is sent', async () => {
    for (const [first, status] of [
      [head(EVENTS, { 'content-length': 5 * MB, ...lookAlike() }), 413],
      [head(EVENTS, { 'content-length': 10 }), 401],
      [head(EVENTS, { 'content-length': 10, ...signed('', { secret: 'x', at: 1_000_000 }) }), 401],
    ] as const) {
      const { answer, closed } = await rawRequest(bot.port, first);
      await closed;
      expect(answer()).toContain(`HTTP/1.1 ${status} `);
    }
  });

  it('many small pieces of many bodies take no more either', async () => {
    const first = head(EVENTS, { 'transfer-encoding': 'chunked', ...lookAlike() });
    const sixty = () => Promise.all(Array.from({ length: 60 }, () => rawRequest(bot.port, first)));
    const answered = (requests: RawRequest[], status: number) =>
      expect.poll(() => requests.filter(({ answer }) => answer().includes(` ${status} `)).length, {
        timeout: 30_000,
      });
    const small = '1\r\nx\r\n'.repeat(20_000);
    // Once before, of small pieces alone: a bot that has only just started takes room for what it throws away (some 60 MB).
    const early = await sixty();
    for (const { socket } of early) socket.write(`${small}0\r\n\r\n`);
    await answered(early, 401).toBe(60);
    const before = rssOf(bot);
    const many = await sixty();
    const large = chunk(Buffer.alloc(3 * MB, 'x'));
    for (const { socket } of many) socket.write(Buffer.concat([Buffer.from(small), large]));
    // Four of them are all that it holds at once.
    await answered(many, 503).toBeGreaterThan(50);
    // Held whole, they would be 240 MB; buffers that each of them leaves behind would be as much.
    expect(rssOf(bot) - before).toBeLessThan(120 * MB);
    for (const { socket } of many) socket.destroy();
  }, 60_000);
});

it('2,500 half-sent requests neither stay open nor keep others out', async () => {
  const halves = [
    head(EVENTS, { 'content-length': 1_000, ...lookAlike() }),
    'POST /slack/events HTTP/1.1\r\nhost: x\r\nx-slack-',
    '',
    head('GET /healthz').slice(0, -2),
  ];
  const many: RawRequest[] = [];
  // A hundred at a time: more than the machine takes up at once would never reach the bot.
  while (many.length < 2_500)
    many.push(
      ...(await Promise.all(
        Array.from({ length: 100 }, (_, index) => rawRequest(bot.port, halves[index % 4] as string)),
      )),
    );
  const healthz = await fetch(`http://127.0.0.1:${bot.port}/healthz`);
  expect(healthz.status).toBe(200);
  await Promise.all(many.map(({ closed }) => closed));
}, 40_000);

it('a connection that is kept alive outlasts a load balancer’s 60 s', async () => {
  const answer = await fetch(`http://127.0.0.1:${bot.port}/healthz`);
  expect(Number(/timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
});
