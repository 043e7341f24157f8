// @slow: a whole rehearsal.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS } from '../../src/rehearse/checks/index.ts';
import { safePage } from '../../src/rehearse/report/page.ts';
import { summary } from '../../src/rehearse/report/screen.ts';
import { toTell } from '../../src/rehearse/report/told.ts';
import { expectedAt } from '../../src/rehearse/shapes/expected.ts';
import { BUCKET, type Surroundings, startSurroundings } from '../../tools/rehearsal/sandbox.ts';
import { type Changes, crooked, json } from './crooked.ts';

const about = { version: '0', node: '0', store: 'aws', hearing: 'Socket Mode', left: [], interrupted: false };
const checks = CHECKS.filter(({ id }) => /^(slack|channel|person|message|file|link|bucket)\./.test(id));

let there: Surroundings;
beforeAll(async () => {
  there = await startSurroundings({ s3: { versioning: true } });
});
afterAll(() => there.close());

/** Puts what people said into every place that a report could be made from. */
function gossip(people: Surroundings['slack']['workspace']['people']): Changes {
  const { anna = '' } = people;
  return {
    slack(what, answer) {
      if (!(answer.headers['content-type'] ?? '').includes('json')) return;
      json(answer, (body) => {
        if (what === 'users.info') {
          body.user.mode = 'keller';
          body.user.profile['Anna Keller'] = 1;
          body.user.profile.anna_keller_at_sandbox = { 'anna@example.com': 1, [anna]: anna };
          body.user.profile.nick = 'keller';
          body.user.is_restricted = 'Anna Keller';
        }
        if (what === 'conversations.info') return { ok: false, error: 'xoxb-test-bot' };
        if (what === 'users.conversations') return { ...body, channels: 'general' };
        if (what === 'reactions.add') return { ok: false, error: 'anna' };
        if (what === 'conversations.members')
          body.members = { [anna]: 'anna', general: { 'xapp-test-app': anna } };
        return undefined;
      });
    },
    socket(envelope) {
      const event = envelope.payload?.event;
      if (event?.files) event.files[0].mode = 'https://files.slack.com/secret';
      if (event !== undefined) Object.assign(event, { subtype: 'Anna', channel_type: anna, general: 1 });
      return [envelope];
    },
    s3(_, { headers }) {
      headers['x-amz-server-side-encryption'] = 'TESTKEY';
      headers['content-type'] = `text/${BUCKET}`;
      headers[`x-amz-${BUCKET}`] = BUCKET;
    },
  };
}

it('a report holds no id, name, address, text or token of the run, whatever was answered', async () => {
  const { slack, env } = there;
  const { workspace } = slack;
  const endpoints = [env.SLACK_API_URL, env.AWS_ENDPOINT_URL_S3] as string[];
  // The first look at the channel must be an honest one.
  let isBegun = false;
  const between = await crooked(there, () => (isBegun ? gossip(workspace.people) : {}));
  const { outcomes, values, left } = await there.rehearse({
    ...{ checks, expected: expectedAt('aws') ?? {} },
    times: { eventMs: 600, settleMs: 30, postEveryMs: 0, personMs: 600, againMs: 1_500 },
    onEnd: () => {
      isBegun = true;
    },
  });
  between.close();
  const told = toTell(outcomes, values);
  const page = safePage(told, { ...about, left }, values);
  const screen = summary(told, left, 'rehearsal.md');
  expect(told.flatMap(({ matters }) => matters).length).toBeGreaterThan(20);

  const { people, channels, dms, teamId, appId, botId, botUserId, teamName } = workspace;
  const said = [
    ...[...Object.keys(people), ...Object.values(people), ...Object.values(channels), ...Object.values(dms)],
    ...[
      teamId,
      appId,
      botId,
      botUserId,
      teamName,
      'Anna Keller',
      'keller',
      'general',
      'finance',
      'example.com',
    ],
    ...[
      'xoxb',
      'xapp',
      'test-bot',
      'test-app',
      'TESTKEY',
      'test-secret',
      BUCKET,
      '127.0.0.1',
      'localhost',
      'http',
    ],
    ...[...endpoints.map((url) => new URL(url).port), 'rehearsal.bin', 'note.bin', '/tmp', 'team/'],
    ...[...slack.calls.list].flatMap(({ args }) =>
      [args.ts, args.file, args.channel, args.text].filter((one) => one && one !== 'Rehearsal'),
    ),
  ];
  const found = (text: string) =>
    [...new Set(said)].filter((word) =>
      new RegExp(`(?<![a-z])${RegExp.escape(word)}(?![a-z])`, 'i').test(text),
    );
  expect(found(page)).toEqual([]);
  expect(found(screen)).toEqual([]);
  expect(page).not.toMatch(/\br[0-9a-f]{8}\b|\d{10}\.\d{6}|[A-Z][A-Z0-9]{8,}/);
});
