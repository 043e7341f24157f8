import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFileObject, readFiles } from '../../src/slack/file-object.ts';
import type { SlackFile } from '../../src/slack/file-shape.ts';
import { filesOfMessage, sharesOfFile } from '../../src/slack/message-files.ts';

const TMB = 'https://files.slack.com/files-tmb/T1-F1-0f5c6bb30c';
const PRI = 'https://files.slack.com/files-pri/T1-F1';
const ORIGIN = 'https://files-origin.slack.com/files-email-priv/T1-F1';

const hosted: SlackFile = {
  id: 'F1',
  created: 1_700_000_000,
  name: 'a.pdf',
  title: 'a.pdf',
  mimetype: 'application/pdf',
  filetype: 'pdf',
  user: 'U1',
  mode: 'hosted',
  size: 12,
  url_private: `${PRI}/a.pdf`,
  url_private_download: `${PRI}/download/a.pdf`,
  file_access: 'visible',
};
const clip: SlackFile = {
  ...hosted,
  ...{ name: 'audio_message.webm', mimetype: 'audio/webm', filetype: 'webm', size: 309_514 },
  ...{ subtype: 'slack_audio', transcription: { status: 'none' } },
  ...{
    url_private: `${TMB}/audio_message_audio.mp4`,
    url_private_download: `${TMB}/download/audio_message_audio.mp4`,
  },
};
const canvas: SlackFile = {
  ...hosted,
  ...{
    name: 'Untitled',
    title: 'Weekly Sync',
    mimetype: 'application/vnd.slack-docs',
    filetype: 'quip',
    mode: 'quip',
  },
};
const mail: SlackFile = {
  ...hosted,
  ...{ name: 'Re: Contract', title: 'Re: Contract', mimetype: 'text/html', filetype: 'email', mode: 'email' },
  ...{ user: 'USLACKBOT', permalink: 'https://acme.slack.com/files/USLACKBOT/F1/x', size: 586_708 },
  attachments: [
    {
      filename: 'contract.pdf',
      size: 497_976,
      mimetype: 'application/pdf',
      url: `${ORIGIN}-aa/contract.pdf`,
    },
    { filename: 'image001.jpg', size: 3_227, mimetype: 'image/jpeg', url: `${ORIGIN}-ab/image001.jpg` },
  ],
  original_attachment_count: 2,
};
const list: SlackFile = {
  ...hosted,
  name: 'list',
  title: 'Sprint Board',
  filetype: 'list',
  mode: 'list',
  size: 0,
};
const read = (file: SlackFile) => readFileObject('T1', file);

describe('a recording made in Slack', () => {
  it.each([
    ['a voice message', clip],
    ['a video message', { ...clip, subtype: 'slack_video' }],
    ['one without a size', { ...clip, size: undefined }],
    ['one of size 0', { ...clip, size: 0 }],
    ['one that only its address tells', { ...clip, subtype: undefined }],
    [
      'an uploaded MP4 of which there is only the transcode',
      { ...hosted, url_private_download: undefined, url_private: `${TMB}/walk.mp4` },
    ],
  ] as Array<[string, SlackFile]>)('%s is fetched without believing its size', (_what, file) => {
    expect(read(file)).toMatchObject({ file: { size: null, complete: true, facts: { transcode: true } } });
    expect(read(file)?.skip).toBeUndefined();
  });

  it('uploaded MP3s and MP4s are fetched as they were uploaded', () => {
    const uploaded = { ...hosted, url_private: `${TMB}/here_we_go.mp4` };
    expect(read(uploaded)?.file).toMatchObject({ url: hosted.url_private_download, size: 12 });
    expect(read(uploaded)?.file.facts).toBeUndefined();
  });

  it.each([
    [{ status: 'complete', preview: { content: ' Hello all ', has_more: false } }, 'Hello all'],
    [{ status: 'complete', preview: { content: 'Hello', has_more: true } }, 'Hello…'],
    [{ status: 'processing' }, undefined],
    [{ status: 'complete', preview: null }, undefined],
    [null, undefined],
  ])('what was said is written down: %j', (transcription, text) => {
    expect(read({ ...clip, transcription })?.file.facts?.transcript).toBe(text);
  });
});

describe('names', () => {
  it.each([
    ['a canvas by its title', canvas, 'Weekly Sync'],
    ['a channel’s canvas without a title', { ...canvas, name: '-', title: 'Untitled' }, 'Untitled'],
    ['a canvas without any', { ...canvas, name: '-', title: '' }, 'Untitled'],
    [
      'notes of a huddle, decoded',
      { ...canvas, name: 'Huddle_notes', title: ':headphones: Huddle notes: 9/5/26 in &lt;#C1&gt;' },
      '🎧 Huddle notes: 9/5/26 in <#C1>',
    ],
    ['a canvas whose title is a sign', { ...canvas, name: '-', title: ':tada:' }, '🎉'],
    [
      'a post',
      { ...canvas, mode: 'docs', filetype: 'docs', name: 'Some_post_title', title: 'Some post title' },
      'Some post title',
    ],
    [
      'an old post',
      { ...canvas, mode: 'space', filetype: 'space', name: 'A_B', title: 'A &amp; B' },
      'A & B',
    ],
    ['an e-mail', mail, 'Re: Contract'],
    ['an e-mail that has only a subject', { ...mail, name: '-', title: null, subject: 'Offer' }, 'Offer'],
    ['a list', list, 'Sprint Board'],
    ['a snippet', { ...hosted, mode: 'snippet', name: 'channels.json', filetype: 'json' }, 'channels.json'],
    [
      'a snippet without a name',
      { ...hosted, mode: 'snippet', name: null, title: null, filetype: 'text' },
      'Snippet.txt',
    ],
    [
      'a snippet called -',
      { ...hosted, mode: 'snippet', name: '-.py', title: '-', filetype: 'python' },
      'Snippet.py',
    ],
    [
      'a snippet with a title alone',
      { ...hosted, mode: 'snippet', name: '-', title: 'deploy', filetype: 'shell' },
      'deploy.sh',
    ],
    [
      'a snippet with an encoded title',
      { ...hosted, mode: 'snippet', name: '-.txt', title: 'R&amp;D :tada:', filetype: 'text' },
      'R&D 🎉.txt',
    ],
    ['an upload exactly', { ...hosted, name: 'R&amp;D :tada:.pdf' }, 'R&amp;D :tada:.pdf'],
  ] as Array<[string, SlackFile, string]>)('%s', (_what, file, name) => {
    expect(read(file)?.file.name).toBe(name);
  });
});

describe('an e-mail', () => {
  const ids = (file: SlackFile) => readFiles('T1', file).map((one) => one.file.fileId);

  it('comes with what was attached to it, inline pictures too, named as attached', () => {
    const [own, contract, image, ...more] = readFiles('T1', mail);
    expect(more).toEqual([]);
    expect(own?.file).toMatchObject({ fileId: 'F1', size: null, complete: true });
    expect(contract?.file).toMatchObject({
      ...{
        parentId: 'F1',
        name: 'contract.pdf',
        size: 497_976,
        mimetype: 'application/pdf',
        filetype: 'pdf',
      },
      ...{ url: `${ORIGIN}-aa/contract.pdf`, complete: true, uploaderId: 'USLACKBOT' },
    });
    expect(contract?.file.fileId).toMatch(/^F1-[0-9A-F]{8}$/);
    expect(image?.file.name).toBe('image001.jpg');
  });

  it('has attachments whose ids stay, in whatever order and at whatever address they come', () => {
    const [a, b] = mail.attachments ?? [];
    const moved = {
      ...mail,
      attachments: [
        { ...b, url: `${ORIGIN}-ff/x` },
        { ...a, url: `${ORIGIN}-fe/y` },
      ],
    };
    expect(ids(moved).sort()).toEqual(ids(mail).sort());
    const twice = { ...mail, attachments: [a, a, { ...a, size: 1 }] as SlackFile['attachments'] };
    expect(new Set(ids(twice)).size).toBe(4);
    expect(ids({ ...mail, id: 'F2' })[1]).not.toBe(ids(mail)[1]);
  });

  it('says what Slack does not offer', () => {
    const [, one] = readFiles('T1', { ...mail, attachments: [{ filename: 'a.pdf', size: 3, url: null }] });
    expect(one).toMatchObject({ skip: 'no_content', file: { name: 'a.pdf', complete: false } });
    expect(read({ ...mail, original_attachment_count: 5 })?.file.facts).toEqual({ attachmentsMissing: 3 });
    expect(read({ ...mail, attachments: null })?.file.facts).toEqual({ attachmentsMissing: 2 });
    const plain = { ...mail, attachments: [], original_attachment_count: 0 };
    expect(read(plain)?.file.facts).toBeUndefined();
    expect(ids(plain)).toEqual(['F1']);
  });

  it('has attachments that lack a name, and ones that are called like a kind of Slack’s', () => {
    const odd = [
      { size: 3, mimetype: 'application/pdf', url: `${ORIGIN}-a/x` },
      { filename: 'x.email', size: 7, url: `${ORIGIN}-b/y` },
    ];
    const [, unnamed, email] = readFiles('T1', { ...mail, attachments: odd });
    expect(unnamed?.file.name).toBe('Attachment.pdf');
    expect(email?.file).toMatchObject({ size: 7, complete: true });
  });

  it('only a mail has attachments', () => {
    expect(ids({ ...hosted, attachments: mail.attachments ?? [] })).toEqual(['F1']);
  });
});

describe('a list', () => {
  it('is fetched as CSV where Slack offers that, and asked about where it does not', () => {
    const csv = `${PRI}/csv/list`;
    expect(read({ ...list, list_csv_download_url: csv })).toMatchObject({
      file: { url: csv, complete: true, size: null },
    });
    expect(read(list)).toMatchObject({ file: { url: null, complete: false } });
    expect(read(list)?.skip).toBeUndefined();
  });
});

describe('what no bot can fetch', () => {
  it('the transcript of a huddle is known by the notes that name it', () => {
    const notes = { ...canvas, id: 'F1', huddle_transcript_file_id: 'F2' };
    const [first, transcript, ...others] = readFiles('T1', notes);
    expect([first?.file.fileId, first?.skip, others]).toEqual(['F1', undefined, []]);
    expect(transcript).toMatchObject({
      file: { fileId: 'F2', mode: 'huddle_transcript', title: 'Huddle transcript', url: null },
      skip: 'access_denied',
    });
    for (const odd of ['F1', '', 7, null, {}])
      expect(readFiles('T1', { ...notes, huddle_transcript_file_id: odd })).toHaveLength(1);
  });

  it.each([
    [
      'the transcript of a huddle',
      { ...hosted, mode: 'huddle_transcript', filetype: 'huddle_transcript' },
      'access_denied',
    ],
    [
      'a refused stub',
      { id: 'F1', mode: 'file_access', file_access: 'access_denied', user: '' },
      'access_denied',
    ],
    ['one hidden by the plan', { id: 'F1', mode: 'hidden_by_limit' }, 'hidden_by_limit'],
    [
      'a hidden stub',
      { id: 'F1', file_access: 'check_file_info', is_hidden_by_limit: true },
      'hidden_by_limit',
    ],
    [
      'a deleted one with a description',
      { id: 'F1', mode: 'tombstone', name: null, size: 0, mimetype: '' },
      'tombstone',
    ],
    [
      'a Google document',
      {
        ...hosted,
        mode: 'external',
        is_external: true,
        url_private: 'https://docs.google.com/d/1',
        url_private_download: '',
      },
      'external',
    ],
    [
      'a remote file',
      { ...hosted, mode: 'external', external_url: 'https://example.com/doc', size: 0 },
      'external',
    ],
  ] as Array<[string, SlackFile, string]>)('%s is recorded with its reason', (_what, file, reason) => {
    expect(read(file)).toMatchObject({ skip: reason });
  });

  it.each([
    ['a stub', { id: 'F1', mode: 'file_access', file_access: 'check_file_info', created: 0, user: '' }],
    [
      'a fresh upload',
      { ...hosted, url_private: undefined, url_private_download: undefined, mimetype: '', filetype: '' },
    ],
  ])('%s is asked about', (_what, file) => {
    expect(read(file)?.skip).toBeUndefined();
    expect(read(file)?.file.complete).toBe(false);
  });
});

describe('the files of a message', () => {
  const channel = { id: 'C1', kind: 'public' as const };
  const idsIn = (message: unknown) =>
    filesOfMessage('T1', channel, message as never).map(({ file }) => file.fileId);

  it('an e-mail’s attachments stand after it, and each file knows its place', () => {
    const found = filesOfMessage('T1', channel, { ts: '1.000001', files: [mail, { ...hosted, id: 'F2' }] });
    expect(found.map(({ share }) => share.position)).toEqual([0, 1, 2, 3]);
    expect(found.map(({ file }) => file.parentId ?? null)).toEqual([null, 'F1', 'F1', null]);
  });

  it('the one file of an old message counts, and a file named twice counts once', () => {
    expect(idsIn({ file: hosted })).toEqual(['F1']);
    expect(idsIn({ file: hosted, files: [hosted] })).toEqual(['F1']);
    const [found] = filesOfMessage('T1', channel, { files: [{ id: 'F1' }], file: hosted });
    expect(found?.file.complete).toBe(true);
  });

  const picture = (slack_file: unknown) => ({ type: 'image', alt_text: 'x', slack_file });
  it.each([
    ['in a block', { blocks: [picture({ id: 'F7' })] }],
    ['by its address', { blocks: [picture({ url: 'https://files.slack.com/files-pri/T1-F7/chart.png' })] }],
    ['by its permalink', { blocks: [picture({ url: 'https://acme.slack.com/files/U1/F7/chart.png' })] }],
    ['by its public address', { blocks: [picture({ url: 'https://slack-files.com/T1-F7-39fcf577f2' })] }],
    [
      'by its thumbnail',
      { blocks: [picture({ url: 'https://files.slack.com/files-tmb/T1-F7-0a1b/x_720.png' })] },
    ],
    ['in a context', { blocks: [{ type: 'context', elements: [picture({ id: 'F7' })] }] }],
    ['beside a section', { blocks: [{ type: 'section', accessory: picture({ id: 'F7' }) }] }],
    ['in an attachment', { attachments: [{ blocks: [picture({ id: 'F7' })] }] }],
    [
      'in a forwarded message',
      { attachments: [{ message_blocks: [{ message: { blocks: [picture({ id: 'F7' })] } }] }] },
    ],
  ])('a picture %s is a file of the message', (_where, message) => {
    expect(idsIn(message)).toEqual(['F7']);
    expect(idsIn({ ...message, files: [{ ...hosted, id: 'F7' }] })).toEqual(['F7']);
  });

  it('other pictures are not', () => {
    expect(idsIn({ blocks: [{ type: 'image', image_url: 'https://example.com/a.png' }] })).toEqual([]);
    expect(idsIn({ blocks: [picture({ url: 'https://example.com/F7' })] })).toEqual([]);
    expect(idsIn({ blocks: [picture({ id: '../F7' })] })).toEqual([]);
    expect(idsIn({ blocks: [picture({ url: 'https://example.com/T1-F7-39fcf577f2' })] })).toEqual([]);
  });

  it('empty objects in the place of lists cost nothing', () => {
    expect(idsIn({ files: {}, attachments: {}, blocks: {} })).toEqual([]);
    expect(idsIn({ files: [{ ...hosted, shares: null, channels: {} }], attachments: null })).toEqual(['F1']);
    expect(sharesOfFile({ public: null, private: {} } as never)).toEqual([]);
    const shares = { public: { C1: [{ ts: '1737949587.842889', reply_users: {} }] } };
    expect(sharesOfFile(shares as never)).toHaveLength(1);
  });

  it('whatever stands in the parts of a mail or a block costs nothing else', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (bad, worse) => {
        const odd = {
          ...mail,
          attachments: [bad, { filename: worse, size: bad, url: worse }],
          original_attachment_count: bad,
        };
        const message = {
          files: [odd, { ...clip, id: 'F9', transcription: bad }],
          blocks: [bad, picture(worse)],
          file: worse,
        };
        expect(idsIn(message)).toEqual(expect.arrayContaining(['F1', 'F9']));
      }),
    );
  });
});
