/** Deliveries that are broken, or meant to break something. */
import { createHmac } from 'node:crypto';
import * as payloads from '../helpers/slack-payloads.ts';
import { deliver, envelope, type Payload } from '../helpers/slack-payloads.ts';
import { firstStart, shareSizes, someFiles } from './people.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenario.ts';

/** Values that are put where others are expected. */
const WRONG: unknown[] = [
  null,
  undefined,
  '',
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  true,
  [],
  {},
  [null],
  [[[[]]]],
  'x'.repeat(70_000),
  '\u0000',
  '\ud800',
  "'; drop table file; --",
  '../../../etc/passwd',
  '__proto__',
  { toString: 'no' },
  'not-a-ts',
  '99999999999999999999.000000',
  '-1.000000',
  'http://169.254.169.254/latest/meta-data/',
  'file:///etc/passwd',
];

/** The same value with one to three of its parts, at any depth, made wrong or left out. */
function spoiled(random: Random, payload: unknown): unknown {
  const copy = structuredClone(payload);
  for (let count = random.int(1, 3); count > 0; count--) {
    const places = placesIn(copy);
    const place = places.length > 0 ? random.pick(places) : undefined;
    if (place) place.holder[place.key as never] = structuredClone(random.pick(WRONG)) as never;
  }
  return copy;
}

function placesIn(value: unknown): Array<{ holder: object; key: string }> {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...placesIn(inner)]);
}

const deliveries: Scenario = {
  name: 'hostile: spoiled deliveries',
  does: 'signed events with wrong values anywhere in them; good files in the same messages are stored',
  mode: 'http',
  async run(stage) {
    const { vault, ledger, random } = stage;
    const bot = await firstStart(stage);
    const { channels, people } = vault.slack.workspace;
    const [general, anna] = [channels.general as string, people.anna as string];
    for (let count = 0; count < stage.of(150, 1_500); count++) {
      const ts = `17954${random.int(10_000, 99_999)}.${random.int(100_000, 999_999)}`;
      // Whatever happens to these files, they do not count as shared; their id shows it.
      const id = `FBAD${random.int(0, 9_999)}`;
      const object = payloads.fileObject(vault, { id, name: 'bad.bin', size: 10, user: anna });
      const message = { channel: general, user: anna, ts, files: [object] };
      const event = random.pick<Payload>([
        payloads.fileShare(message),
        payloads.messageChanged(message, [object]),
        payloads.messageDeleted(message),
        payloads.fileShared(id, anna, general, ts),
        payloads.fileDeleted(id, [general], ts),
        payloads.channelIdChanged('COLD', 'CNEW'),
        { type: 'member_joined_channel', user: anna, channel: 'CBAD', channel_type: 'C', team: 'T1' },
        { type: 'app_home_opened', user: anna, channel: 'D1', tab: 'home', event_ts: ts },
      ]);
      const whole = random.chance(0.2)
        ? spoiled(random, envelope(vault, event))
        : envelope(vault, spoiled(random, event));
      await deliver(vault, bot, whole);
    }
    // A good file between bad ones, in one message.
    for (const bad of WRONG) {
      const [file] = someFiles(random, [200]);
      const anna1 = vault.slack.as('anna');
      const fileId = await anna1.upload(file as never);
      const quiet = vault.slack.faults.event('*', { kind: 'drop' });
      const ts = anna1.post('general', '', { file_ids: [fileId] });
      quiet.remove();
      ledger.addShared({ ...(file as { name: string; content: Buffer }), fileId }, 'general', ts);
      const object = payloads.fileObject(vault, {
        id: fileId,
        name: file?.name as string,
        size: 200,
        user: anna,
      });
      const message = {
        channel: general,
        user: anna,
        ts,
        files: [bad, object, { ...object, id: bad, url_private: bad, url_private_download: bad }],
      };
      const status = await deliver(vault, bot, envelope(vault, payloads.fileShare(message)));
      if (status !== 200)
        throw new Error(`${status} for a message with ${JSON.stringify(bad)?.slice(0, 50)} in it`);
    }
    expectAlive(bot);
  },
};

const requests: Scenario = {
  name: 'hostile: requests of strangers',
  does: 'unsigned, badly signed, old, huge and broken requests: refused, and nothing of them is kept',
  mode: 'http',
  async run(stage) {
    const { vault, catalog, random } = stage;
    const bot = await firstStart(stage);
    const url = `http://127.0.0.1:${bot.port}/slack/events`;
    const id = 'FSTRANGER';
    const object = payloads.fileObject(vault, { id, name: 'x', size: 1, user: 'U1' });
    const body = JSON.stringify(
      envelope(
        vault,
        payloads.fileShare({ channel: 'C1', user: 'U1', ts: '1795420000.000100', files: [object] }),
      ),
    );
    const sign = (secret: string, timestamp: number, text = body) => ({
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${text}`).digest('hex')}`,
    });
    const now = Math.floor(Date.now() / 1_000);
    const secret = vault.env.SLACK_SIGNING_SECRET as string;
    const bad: Array<[Record<string, string>, string]> = [
      [{}, body],
      [sign('another secret', now), body],
      [sign('', now), body],
      [sign(secret, now - 400), body],
      [{ ...sign(secret, now), 'x-slack-request-timestamp': 'now' }, body],
      [{ ...sign(secret, now), 'x-slack-signature': 'v0=' }, body],
      [sign(secret, now), `${body} `],
      [sign(secret, now, '{'), '{'],
      [sign(secret, now, ''), ''],
      [sign(secret, now), 'x'.repeat(20_000_000)],
    ];
    for (const [headers, text] of random.shuffle(bad)) {
      const answer = await fetch(url, { method: 'POST', headers, body: text }).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => {});
      if (answer?.ok) throw new Error(`${answer.status} to ${JSON.stringify(headers)}`);
    }
    await shareSizes(stage, [500]);
    if ((await catalog.files()).some(({ file_id }) => file_id === id))
      throw new Error('a stranger’s file was kept');
    expectAlive(bot);
  },
};

function expectAlive(bot: { process: { exitCode: number | null }; log: unknown[] }): void {
  if (bot.process.exitCode !== null)
    throw new Error(`the bot ended with ${bot.process.exitCode}: ${JSON.stringify(bot.log.slice(-2))}`);
}

export const hostile: Scenario[] = [deliveries, requests];
