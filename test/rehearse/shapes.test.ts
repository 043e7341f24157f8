import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../src/rehearse/bucket/xml.ts';
import { lineOf } from '../../src/rehearse/report/told.ts';
import { compare } from '../../src/rehearse/shapes/compare.ts';
import { expectedAt } from '../../src/rehearse/shapes/expected.ts';
import { READ_KEYS } from '../../src/rehearse/shapes/read.ts';
import { formOf, merge, shapeOf } from '../../src/rehearse/shapes/shape.ts';

const differences = (expected: unknown, seen: unknown) =>
  compare('look', shapeOf(expected), shapeOf(seen)).map((one) => `${one.matters ? '!' : ''}${lineOf(one)}`);

describe('shapes', () => {
  it('hold kinds, forms and known words, and nothing that was said', () => {
    const said = { user: 'U012AB3CD', text: 'the plan', mode: 'hosted', size: 3, ts: '1741600100.000100' };
    expect(shapeOf(said)).toEqual({
      kinds: ['object'],
      keys: {
        user: { kinds: ['id'] },
        text: { kinds: ['text'] },
        mode: { kinds: ['text'], words: ['hosted'] },
        size: { kinds: ['number'] },
        ts: { kinds: ['ts'] },
      },
    });
    expect(JSON.stringify(shapeOf({ C012AB3CD: 1, 'Anna Keller': 2, __proto__: 3 }))).toBe(
      '{"kinds":["object"],"keys":{"*":{"kinds":["number"]}}}',
    );
  });

  it.each([
    ['', 'empty'],
    ['1741600100.000100', 'ts'],
    ['https://files.slack.com/x', 'url'],
    ['https:///x', 'text'],
    ['/files-pri/x', 'text'],
    ['"9b2cf535f27731c974343645a3985328"', 'quoted'],
    ['9b2cf535f27731c974343645a3985328', 'text'],
    ['2026-01-02T03:04:05.000Z', 'date'],
    ['Tue, 02 Jan 2026 03:04:05 GMT', 'http-date'],
    ['1234', 'digits'],
  ])('%j is %s', (text, form) => expect(formOf(text)).toBe(form));

  it('know which keys are not always there', () => {
    const shape = [{ id: 'a', size: 1 }, { id: 'b' }].map((one) => shapeOf(one)).reduce(merge);
    expect(shape.maybe).toEqual(['size']);
    expect(compare('look', shape, shapeOf({ id: 'c' }))).toEqual([]);
  });

  it('read the XML of S3, and leave alone what is none', () => {
    const xml =
      '<?xml version="1.0"?>\n<ListBucketResult xmlns="x"><Contents><Key>a</Key><ETag>&quot;1&quot;</ETag></Contents><Prefix/></ListBucketResult>';
    expect(readXml(xml)).toEqual({
      ListBucketResult: { Contents: [{ Key: 'a', ETag: '"1"' }], Prefix: '' },
    });
    for (const text of ['<html><body></body></html>', '{}', '<a><b></a>', '<a>', ''])
      expect(readXml(text)).toBe(text);
  });
});

describe('a comparison', () => {
  it.each([
    [
      'a key that is gone',
      { ok: true, ts: '1741600100.000100' },
      { ok: true },
      ['!look.ts: not there instead of ts'],
    ],
    ['a key that nobody reads', { color: 'x' }, {}, ['look.color: not there instead of text']],
    ['a new key', {}, { more: 1 }, ['look.more: number, which the sandbox does not send']],
    ['a text for a number', { size: 1 }, { size: '1' }, ['!look.size: digits instead of number']],
    ['null', { name: 'x' }, { name: null }, ['!look.name: null instead of text']],
    ['another word', { error: 'a_b' }, { error: 'c_d' }, ['!look.error: c_d instead of a_b']],
    [
      'a list in a list',
      { files: [{ id: 'F012AB3CD' }] },
      { files: [{}] },
      ['!look.files[].id: not there instead of id'],
    ],
    ['a web page', { ok: true }, '<html>', ['!look: text instead of object']],
    ['what is empty in the sandbox', { text: '' }, { text: 'more' }, []],
    [
      'what the sandbox only knows as null',
      { status: null },
      { status: 'x' },
      ['look.status: text instead of null'],
    ],
    [
      'what the vault does not look below',
      { bot_profile: { name: 'x' } },
      { bot_profile: {} },
      ['look.bot_profile.name: not there instead of text'],
    ],
  ])('tells of %s', (_, expected, seen, told) => expect(differences(expected, seen)).toEqual(told));
});

/** What was recorded of the real Slack, in the forms that matter. The values are made up. */
describe('what others recorded of Slack', () => {
  const expected = expectedAt('aws') ?? {};
  const matters = (check: string, look: string, body: unknown) => {
    const shape = expected[check]?.[look];
    if (shape === undefined) throw new Error(`nothing is known of ${check} ${look}`);
    const seen = shapeOf({ body });
    const within = compare(look, shape, seen, check).filter(
      ({ path }) => !/\.(status|headers|facts)$/.test(path),
    );
    return within.filter((one) => one.matters).map(lineOf);
  };
  const event = (of: object) => ({
    envelope_id: '1',
    type: 'events_api',
    accepts_response_payload: false,
    retry_attempt: 0,
    retry_reason: '',
    payload: {
      ...{
        token: 'x',
        team_id: 'T012AB3CD',
        api_app_id: 'A012AB3CD',
        type: 'event_callback',
        event_id: 'Ev1',
      },
      ...{ event_time: 1, event_context: 'x', is_ext_shared_channel: false, event: of },
      authorizations: [
        {
          ...{ enterprise_id: null, team_id: 'T012AB3CD', user_id: 'U012AB3CD' },
          ...{ is_bot: true, is_enterprise_install: false },
        },
      ],
    },
  });
  const file = {
    ...{ id: 'F012AB3CD', created: 1, timestamp: 1, name: 'a.jpg', title: 'a.jpg', mimetype: 'image/jpeg' },
    ...{
      filetype: 'jpg',
      pretty_type: 'JPEG',
      user: 'U012AB3CD',
      user_team: 'T012AB3CD',
      size: 7,
      mode: 'hosted',
    },
    ...{ editable: false, is_external: false, external_type: '', is_public: true, public_url_shared: false },
    ...{ display_as_bot: false, username: '', url_private: 'https://files.slack.com/a' },
    ...{
      url_private_download: 'https://files.slack.com/b',
      media_display_type: 'unknown',
      is_starred: false,
    },
    ...{ permalink: 'https://x.slack.com/a', permalink_public: 'https://slack-files.com/a' },
    ...{ has_rich_preview: false, file_access: 'visible' },
  };
  const message = {
    ...{ type: 'message', subtype: 'file_share', text: '', user: 'U012AB3CD', ts: '1741600100.000100' },
    ...{ channel: 'C012AB3CD', channel_type: 'channel', event_ts: '1741600100.000100', upload: false },
    ...{ display_as_bot: false, client_msg_id: 'x', files: [file] },
  };

  it.each([
    ['a shared picture (nyaruka/courier, 2022)', 'person.share', message],
    [
      'a snippet without a subtype (zulip/zulip)',
      'person.share',
      {
        ...message,
        subtype: undefined,
        files: [{ ...file, mode: 'snippet', filetype: 'json', editable: true }],
      },
    ],
    [
      'a voice clip that is still transcribed (gregnwosu/slackbot)',
      'person.clip',
      {
        ...message,
        files: [
          {
            ...file,
            subtype: 'slack_audio',
            filetype: 'm4a',
            media_display_type: 'audio',
            duration_ms: 5,
            aac: 'https://files.slack.com/c',
            transcription: { status: 'processing' },
          },
        ],
      },
    ],
    [
      'a clip of a screen (gabrielmicro1/cdp-harness)',
      'person.clip',
      {
        ...message,
        files: [
          { ...file, subtype: 'slack_video', filetype: 'mp4', media_display_type: 'video', duration_ms: 5 },
        ],
      },
    ],
    [
      'a canvas (zulip/zulip)',
      'person.canvas',
      { ...message, files: [{ ...file, mode: 'quip', filetype: 'quip', updated: 2, editable: true }] },
    ],
  ])('shows nothing that matters: %s', (_, check, one) => {
    expect(matters(check, 'message', event(one))).toEqual([]);
  });

  it('shows nothing that matters of events and answers that say less', () => {
    const shared = {
      type: 'file_shared',
      file_id: 'F012AB3CD',
      user_id: 'U012AB3CD',
      file: { id: 'F012AB3CD' },
      channel_id: 'C012AB3CD',
    };
    expect(matters('file.heard', 'file_shared', event(shared))).toEqual([]);
    expect(
      matters('file.share', 'completed', { ok: true, files: [{ id: 'F012AB3CD', title: 'x' }] }),
    ).toEqual([]);
  });

  it('still tells of what the vault needs', () => {
    const { url_private: _, ...without } = file;
    expect(matters('person.share', 'message', event({ ...message, files: [without] }))).toEqual([
      'message.body.payload.event.files[].url_private: not there instead of url',
    ]);
  });
});

it('every key that is said to be read stands in the bot’s code, or is the name of an answer in XML', () => {
  const src = resolve(import.meta.dirname, '../../src');
  const text = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter(
      (one) => one.isFile() && one.name.endsWith('.ts') && !one.parentPath.startsWith(join(src, 'rehearse')),
    )
    .map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'))
    .join('\n');
  const isThere = (key: string) => new RegExp(`(?<![\\w-])${key}(?![\\w-])`).test(text);
  const unread = [...READ_KEYS].filter((key) => !/(Result|Configuration|Error)$/.test(key) && !isThere(key));
  expect(unread).toEqual([]);
});
