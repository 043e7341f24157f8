import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFileObject } from '../../src/slack/file-object.ts';
import { channelKind, filesOfMessage, sharesOfFile } from '../../src/slack/message-files.ts';
import { runs } from '../runs.ts';

const hosted = {
  id: 'F1',
  created: 1_700_000_000,
  name: 'a.pdf',
  title: 'A',
  mimetype: 'application/pdf',
  filetype: 'pdf',
  user: 'U1',
  mode: 'hosted',
  size: 12,
  is_external: false,
  url_private: 'https://files.slack.com/files-pri/T1-F1/a.pdf',
  url_private_download: 'https://files.slack.com/files-pri/T1-F1/download/a.pdf',
  permalink: 'https://x.slack.com/files/U1/F1/a.pdf',
};

describe('Slack’s file objects', () => {
  it('a whole picture without a description has none; a stub, or another file, says nothing of it', () => {
    const photo = { ...hosted, name: 'a.png', mimetype: 'image/png', filetype: 'png' };
    const shown = (object: object) => readFileObject('T1', object as typeof hosted)?.file.altText;
    expect(shown({ ...photo, alt_txt: ' A red house ' })).toBe('A red house');
    expect(shown(photo)).toBeNull();
    expect(shown({ ...photo, alt_txt: ' ' })).toBeNull();
    expect(shown({ ...hosted, alt_txt: '' })).toBeNull();
    expect(shown(hosted)).toBeUndefined();
    expect(shown({ ...photo, file_access: 'check_file_info' })).toBeUndefined();
    expect(shown({ id: 'F1', mimetype: 'image/png' })).toBeUndefined();
    expect(shown({ id: 'F1', mode: 'hidden_by_limit', mimetype: 'image/png' })).toBeUndefined();
  });

  it('a hosted file is complete, and its download address comes first', () => {
    const read = readFileObject('T1', hosted);
    expect(read?.skip).toBeUndefined();
    expect(read?.file).toMatchObject({
      teamId: 'T1',
      fileId: 'F1',
      complete: true,
      size: 12,
      url: hosted.url_private_download,
    });
  });

  it.each([
    [
      'a Slack Connect stub',
      { id: 'F1', mode: 'file_access', file_access: 'check_file_info', created: 0, user: '' },
    ],
    [
      'a file that is still being processed',
      { ...hosted, url_private: undefined, url_private_download: undefined },
    ],
    ['nothing but an id', { id: 'F1' }],
    ['a file without a size', { ...hosted, size: undefined }],
  ])('%s is not complete', (_, file) => {
    const read = readFileObject('T1', file);
    expect(read?.file.complete).toBe(false);
    expect(read?.skip).toBeUndefined();
  });

  it.each([
    ['tombstone', { id: 'F1', mode: 'tombstone' }, 'tombstone'],
    ['hidden by the free plan', { id: 'F1', mode: 'hidden_by_limit' }, 'hidden_by_limit'],
    ['refused', { id: 'F1', file_access: 'access_denied' }, 'access_denied'],
    ['the transcript of a huddle', { ...hosted, mode: 'huddle_transcript' }, 'access_denied'],
    [
      'hidden, and a stub besides',
      { id: 'F1', file_access: 'check_file_info', is_hidden_by_limit: true },
      'hidden_by_limit',
    ],
  ])('%s is recorded with its reason', (_, file, reason) =>
    expect(readFileObject('T1', file)?.skip).toBe(reason),
  );

  it('an external file is a link: its address is never one to download from', () => {
    const read = readFileObject('T1', {
      ...hosted,
      mode: 'external',
      is_external: true,
      url_private: 'https://docs.example/d/1',
    });
    expect(read).toMatchObject({
      skip: 'external',
      file: { url: null, externalUrl: 'https://docs.example/d/1', complete: false },
    });
  });

  it('a canvas is rendered when asked for, so that its size says nothing', () => {
    expect(readFileObject('T1', { ...hosted, mode: 'quip' })?.file).toMatchObject({
      size: null,
      complete: true,
    });
  });

  it('empty and missing names become null', () => {
    expect(readFileObject('T1', { ...hosted, name: null, title: '', mimetype: '' })?.file).toMatchObject({
      name: null,
      title: null,
      mimetype: null,
    });
    expect(readFileObject('T1', { name: 'no id' })).toBeUndefined();
  });
});

describe('the files of a message', () => {
  const channel = { id: 'C1', kind: 'public' as const };

  it('are those it carries and those of messages forwarded in it', () => {
    const found = filesOfMessage('T1', channel, {
      ts: '1700000000.000100',
      thread_ts: '1699999999.000100',
      user: 'U2',
      files: [hosted],
      attachments: [{ files: [{ ...hosted, id: 'F2' }] }, {}],
    });
    expect(found.map(({ file }) => file.fileId)).toEqual(['F1', 'F2']);
    expect(found[0]?.share).toEqual({
      channelId: 'C1',
      channelKind: 'public',
      ts: '1700000000.000100',
      threadTs: '1699999999.000100',
      userId: 'U2',
      sharedAt: 1_700_000_000_000,
      position: 0,
      said: { author: 'U2', text: '', at: 1_700_000_000_000 },
    });
  });

  it('shares that files.info lists keep their thread and their sharer', () => {
    const shares = sharesOfFile({
      public: { C1: [{ ts: '1700000000.000100', thread_ts: '1699999999.000100', share_user_id: 'U2' }] },
      private: { C2: [{ ts: '1700000001.000100' }, {}] },
    });
    expect(shares.map(({ channelId, channelKind, ts }) => [channelId, channelKind, ts])).toEqual([
      ['C1', 'public', '1700000000.000100'],
      ['C2', null, '1700000001.000100'],
    ]);
    expect(sharesOfFile(undefined)).toEqual([]);
  });
});

describe('what is not as Slack says it is', () => {
  const channel = { id: 'C1', kind: 'public' as const };

  it('costs neither its message nor its neighbours, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (bad, worse, ts) => {
        const message = {
          ts,
          user: bad,
          thread_ts: worse,
          files: [bad, hosted, { ...hosted, id: bad, size: worse }, worse],
          attachments: [
            bad,
            { files: worse },
            { files: [{ ...hosted, id: 'F2', name: bad, created: worse }] },
          ],
        } as never;
        const found = filesOfMessage('T1', channel, message);
        expect(found.map(({ file }) => file.fileId)).toEqual(expect.arrayContaining(['F1', 'F2']));
        for (const { file, share } of found) {
          expect(() => new Date(share.sharedAt).toISOString()).not.toThrow();
          expect(file.size === null || Number.isSafeInteger(file.size)).toBe(true);
          expect(file.name).not.toBe('');
        }
        sharesOfFile({ public: { C1: bad as never, C2: [bad, { ts: '1.000001' }, worse] as never } });
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('is not a kind of channel either', () => {
    expect(['toString', '__proto__', 'channel', ''].map(channelKind)).toEqual([null, null, 'public', null]);
  });
});
