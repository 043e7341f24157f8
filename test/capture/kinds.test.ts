import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { S3Server } from '../../sandbox/s3/server.ts';
import { type CopyRequest, copyFile } from '../../src/capture/copy.ts';
import { openDownload } from '../../src/capture/download.ts';
import { isBlank } from '../../src/capture/login-page.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { RetryableError } from '../../src/errors.ts';
import { file as anyFile } from '../blocks/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';
import { type FileHost, startFileHost } from './file-host.ts';

const MP4 = Buffer.concat([
  Buffer.from('00000020667479706d703432000000006d70343269736f6d', 'hex'),
  Buffer.alloc(171_000),
]);
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
const html = { 'content-type': 'text/html; charset=utf-8' };

let target: Target;
let store: S3Server;
let slack: FileHost;
beforeAll(async () => {
  target = await openTarget({ sandboxOnly: true, stallMs: 20_000 });
  store = target.sandbox as S3Server;
  slack = await startFileHost();
});
afterAll(async () => {
  await slack?.close();
  await target?.close();
});

let count = 0;
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const give =
  (body: string | Buffer, headers: Record<string, string> = {}, status = 200): Answer =>
  (_request, response) => {
    if (!('transfer-encoding' in headers)) response.setHeader('content-length', Buffer.byteLength(body));
    response.writeHead(status, headers).end(body);
  };

function row(given: Partial<FileRow>, answer: Answer | null, path = '/files-pri/'): FileRow {
  const fileId = `FK${++count}`;
  const url = answer === null ? null : slack.serve(`${path}T1-${fileId}/x`, answer);
  return anyFile({ fileId, url, state: 'storing', size: null, sharedAt: Date.UTC(2026, 10, 23), ...given });
}
const canvas = {
  name: 'Weekly Sync',
  title: 'Weekly Sync',
  mimetype: 'application/vnd.slack-docs',
  filetype: 'quip',
  mode: 'quip',
};
const mail = {
  name: 'Re: Contract',
  title: 'Re: Contract',
  mimetype: 'text/html',
  filetype: 'email',
  mode: 'email',
};
const clip = {
  name: 'audio_message.webm',
  title: null,
  mimetype: 'audio/webm',
  filetype: 'webm',
  size: 309_514,
  facts: { transcode: true },
};
const list = {
  name: 'Board',
  title: 'Board',
  mimetype: 'application/vnd.slack-list',
  filetype: 'list',
  mode: 'list',
  size: 0,
};

function copy(file: FileRow, change: Partial<CopyRequest> = {}) {
  const { bucket } = target;
  return copyFile({ bucket, file, token: 'xoxb-1', allowedHosts: ['127.0.0.1'], stallMs: 20_000, ...change });
}
const bytesAt = async (key: string) => (await store.read('vault', key)) as Buffer;
const endOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);

describe('a recording', () => {
  it.each([
    ['with its length', give(MP4, { 'content-type': 'video/mp4' })],
    ['in chunks', give(MP4, { 'content-type': 'video/mp4', 'transfer-encoding': 'chunked' })],
  ])('%s is stored as it comes, whatever size the recording had', async (_how, answer) => {
    const stored = await copy(row(clip, answer, '/files-tmb/'));
    expect(stored).toMatchObject({ bytes: MP4.length, type: 'video/mp4' });
    expect(endOf(stored.key)).toBe('audio_message.mp4');
  });

  it.each([
    ['that lacks a size', { ...clip, size: null }],
    ['of size 0', { ...clip, size: 0 }],
    ['that only its address tells', { ...clip, facts: {} }],
  ])('%s too', async (_what, given) => {
    const stored = await copy(row(given, give(MP4), '/files-tmb/'));
    expect(stored).toMatchObject({ bytes: MP4.length, type: 'video/mp4' });
    expect(endOf(stored.key)).toBe('audio_message.mp4');
  });

  it('without a type has that of its address', async () => {
    const words = give('words', { 'content-type': 'binary/octet-stream' });
    const file = row(clip, words, '/files-tmb/');
    const url = slack.serve('/files-tmb/T1-F1-00/download/audio_message_audio.mp4', words);
    expect((await copy({ ...file, url })).type).toBe('video/mp4');
  });

  it('larger than the vault takes is refused by what comes', async () => {
    const file = row(clip, give(MP4), '/files-tmb/');
    await expect(copy(file, { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'too_large' });
  });

  it('that was stored by an earlier attempt is found again, whatever its ending', async () => {
    const first = await copy(row(clip, give(MP4, { 'content-type': 'audio/mp4' }), '/files-tmb/'));
    const file = row({ ...clip, fileId: `FK${count}`, attempts: 2 }, null);
    expect(await copy({ ...file, url: slack.url('/nothing') })).toMatchObject({
      key: first.key,
      type: 'audio/mp4',
    });
  });
});

describe('what Slack renders', () => {
  it('has the answer’s type, and a name that opens', async () => {
    const body = '<div class="quip-canvas-content"><p>Hello</p></div>';
    const stored = await copy(row(canvas, give(body, html)));
    expect(stored).toMatchObject({ type: 'text/html; charset=utf-8', facts: { blank: false } });
    expect(endOf(stored.key)).toBe('Weekly Sync.html');
    expect((await copy(row(canvas, give(body)))).type).toBe('text/html');
  });

  it.each(['application/vnd.slack-docs', 'application/octet-stream', 'binary/octet-stream', 'quip'])(
    'is a page also where the answer calls it %s',
    async (type) => {
      const stored = await copy(row(canvas, give('<p>Hello</p>', { 'content-type': type })));
      expect(stored.type).toBe('text/html');
      expect(endOf(stored.key)).toBe('Weekly Sync.html');
    },
  );

  it.each([
    ['<div class="quip-canvas-content"></div>', true],
    ['', true],
    ['<div><style>p{}</style><p>&nbsp;\u200b<br/></p><!-- x --></div>', true],
    ['<p>a</p>', false],
    ['<p><img src="x"></p>', false],
  ])('%j is blank: %s', async (body, blank) => {
    expect(isBlank(Buffer.from(body), true)).toBe(blank);
    expect((await copy(row(canvas, give(body, html)))).facts).toEqual({ blank });
  });
});

describe('the type of an upload', () => {
  const upload = (given: Partial<FileRow>, body: string | Buffer, headers = {}) =>
    copy(
      row(
        { title: null, mimetype: null, filetype: null, size: Buffer.byteLength(body), ...given },
        give(body, headers),
      ),
    );
  const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  it.each([
    ['Slack’s word counts', { name: 'a.png', mimetype: 'image/x-odd' }, PNG, 'image/x-odd', 'png'],
    ['the first bytes tell', { name: 'picture' }, PNG, 'image/png', 'png'],
    ['the name tells', { name: 'a.csv' }, 'a,b', 'text/csv', 'csv'],
    [
      'the name tells what a container holds',
      { name: 'a.docx' },
      Buffer.from('504b0304140000000000', 'hex'),
      docx,
      'docx',
    ],
    ['a name that lies is not believed', { name: 'a.png' }, 'words', 'text/plain', 'txt'],
    ['text is text', { name: 'README' }, 'Grüße', 'text/plain', 'txt'],
    ['bytes are bytes', { name: 'x' }, Buffer.from([0, 1, 2, 255]), 'application/octet-stream', undefined],
    [
      'binary that is a picture',
      { name: 'x', mimetype: 'application/octet-stream', filetype: 'binary' },
      PNG,
      'image/png',
      undefined,
    ],
    [
      'some bytes in another store’s word',
      { name: 'x.pdf', mimetype: 'binary/octet-stream' },
      '%PDF-1.4 x',
      'application/pdf',
      'pdf',
    ],
    [
      'binary that is none',
      { name: 'x.csv', mimetype: 'application/octet-stream', filetype: 'binary' },
      'a,b',
      'application/octet-stream',
      undefined,
    ],
  ] as Array<[string, Partial<FileRow>, string | Buffer, string, string | undefined]>)(
    '%s',
    async (_what, given, body, type, filetype) => {
      const stored = await upload(given, body);
      expect([stored.type, stored.filetype]).toEqual([type, filetype]);
      expect((await bytesAt(stored.key)).equals(Buffer.from(body))).toBe(true);
    },
  );

  it('that is a page, of which Slack says nothing but its length, is kept', async () => {
    const stored = await upload({ name: 'report' }, '<html><p>Hi</p></html>', html);
    expect(stored).toMatchObject({ type: 'text/html', filetype: 'html' });
  });
});

const FILL = '<p>words of a page</p>'.repeat(1_500);
const SIGN_IN: Array<[string, string]> = [
  [
    'at its beginning',
    '<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body></body></html>',
  ],
  [
    'late, by its button',
    `<!doctype html><html><body>${FILL}<button data-qa="signin_button">x</button></body></html>`,
  ],
  ['late, by its form', `<div>${FILL}<form id="signin_form" action="/"><input></form></div>`],
  ['late, by the way back', `<html>${FILL}<a href="/signin?redir=%2Ffiles-pri%2FT1-F1%2Fx">x</a></html>`],
  ['late, in a script', `<html>${FILL}<script>var x={"redir":"\\/files-pri\\/T1-F1"}</script></html>`],
  [
    'as a shell of scripts',
    `<html><head></head><body>${FILL}<div data-props="{&quot;shouldRedirect&quot;:false}"></div></body></html>`,
  ],
  [
    'after a long comment',
    `<!-- ${'x'.repeat(5_000)} --><!doctype html><html><title>Login | Slack</title></html>`,
  ],
  ['after nothing but white space', `${' \n'.repeat(9_000)}<html><title>Sign in | Slack</title></html>`],
  [
    'as Slack’s own client',
    '<!DOCTYPE html><html class="p-client_desktop"><head><title>Email | Acme Slack</title><script></script></head></html>',
  ],
];
const KINDS: Array<[string, Partial<FileRow>]> = [
  ['a canvas', canvas],
  ['a post', { ...canvas, mode: 'post', filetype: 'post', mimetype: 'text/plain' }],
  ['an e-mail', mail],
  ['a recording', clip],
  ['a list', list],
  ['a picture', { name: 'a.png', mimetype: 'image/png', size: 7_130 }],
  ['a text', { name: 'a.txt', mimetype: 'text/plain', filetype: 'text', size: 57 }],
  ['a page', { name: 'a.html', mimetype: 'text/html', filetype: 'html', size: 57 }],
];

describe.each(KINDS)('in the place of %s', (_kind, given) => {
  it.each(SIGN_IN)('a sign-in page is known %s', async (_where, page) => {
    const headings: Array<Record<string, string>> = [html, {}, { 'transfer-encoding': 'chunked' }];
    for (const headers of headings)
      await expect(copy(row(given, give(page, headers)))).rejects.toMatchObject({ code: 'login_page' });
  });
});

describe('no sign-in page is', () => {
  const [, late] = SIGN_IN[1] as [string, string];
  it.each([
    [
      'a page that somebody uploaded',
      { name: 'a.html', mimetype: 'text/html', filetype: 'html', size: late.length },
      late,
      {},
    ],
    [
      'the same, sent in chunks',
      { name: 'a.html', mimetype: 'text/html', filetype: 'html', size: late.length },
      late,
      { 'transfer-encoding': 'chunked' },
    ],
    [
      'a long one, sent in chunks',
      { name: 'a.html', mimetype: 'text/html', filetype: 'html', size: late.length + 90_000 },
      late + 'x'.repeat(90_000),
      { 'transfer-encoding': 'chunked' },
    ],
    [
      'a mail that links to Slack',
      mail,
      '<html><body><a href="https://slack.com/signin">Sign in</a> <a href="https://acme.slack.com/?redir=%2Ffiles-pri%2FT1-F1">file</a></body></html>',
      html,
    ],
    [
      'a mail with Slack’s pictures',
      mail,
      '<!doctype html><html><img src="https://a.slack-edge.com/x.png"></html>',
      html,
    ],
    [
      'a canvas about signing in',
      canvas,
      '<div class="quip-canvas-content">&lt;button data-qa="signin"&gt; redir=x</div>',
      html,
    ],
  ] as Array<[string, Partial<FileRow>, string, Record<string, string>]>)(
    '%s',
    async (_what, given, body, headers) => {
      const stored = await copy(row(given, give(body, headers)));
      expect((await bytesAt(stored.key)).toString()).toBe(body);
    },
  );
});

describe('an e-mail that Slack does not give', () => {
  const [, page] = SIGN_IN[0] as [string, string];
  const text = (form: 'html' | 'plain' | 'preview', type: 'text/html' | 'text/plain') => ({
    mailText: async () => ({ form, type, text: 'Grüße' }),
  });
  it.each([
    ['html', 'text/html', 'Re_ Contract.html'],
    ['plain', 'text/plain', 'Re_ Contract.txt'],
    ['preview', 'text/plain', 'Re_ Contract.txt'],
  ] as const)('is kept as its %s', async (form, type, name) => {
    for (const answer of [give(page, html), give('', {}, 403)]) {
      const stored = await copy(row(mail, answer), text(form, type));
      expect(stored).toMatchObject({
        type: `${type}; charset=utf-8`,
        facts: { mailBody: form, blank: false },
      });
      expect(endOf(stored.key)).toBe(name);
      expect((await bytesAt(stored.key)).toString()).toBe('Grüße');
    }
  });

  it.each([404, 410, 401])('is kept as its text after a second answer of %d', async (status) => {
    const answer = give('', {}, status);
    await expect(copy(row(mail, answer), text('html', 'text/html'))).rejects.toMatchObject({
      permanent: true,
    });
    const stored = await copy(row({ ...mail, attempts: 2 }, answer), text('html', 'text/html'));
    expect(stored.facts).toMatchObject({ mailBody: 'html' });
  });

  it('that Slack does not know any more is refused by its first answer', async () => {
    const gone = new RetryableError('file_deleted', 'no such file', { permanent: true });
    await expect(
      copy(row(mail, give('', {}, 403)), { mailText: () => Promise.reject(gone) }),
    ).rejects.toMatchObject({ code: 'forbidden', permanent: true });
  });

  it('is tried again when there is no text either, and asked for nothing where its page comes', async () => {
    await expect(copy(row(mail, give(page, html)), { mailText: async () => null })).rejects.toMatchObject({
      code: 'login_page',
    });
    const stored = await copy(row(mail, give('<p>Hi</p>', html)), {
      mailText: () => Promise.reject(new Error('asked')),
    });
    expect(stored.facts).toEqual({ mailBody: 'page', blank: false });
    await expect(copy(row(mail, give('', {}, 503)), text('html', 'text/html'))).rejects.toMatchObject({
      code: 'slack_failed',
    });
  });
});

describe('what was attached to an e-mail', () => {
  it('has the length that Slack sends twice, whatever the mail said', async () => {
    const attached = { name: 'a.pdf', size: 3, mimetype: 'application/pdf', parentId: 'F1' };
    const answer = give('%PDF-1.4 contract');
    const first = row(attached, answer);
    await expect(copy(first)).rejects.toMatchObject({ code: 'wrong_length' });
    const again = { ...first, attempts: 2, errorCode: 'wrong_length' };
    expect(await copy(again)).toMatchObject({ bytes: 17 });
    await expect(
      copy({ ...row(attached, answer), parentId: null, attempts: 2, errorCode: 'wrong_length' }),
    ).rejects.toMatchObject({ code: 'wrong_length' });
  });
});

describe('a list', () => {
  const rows = (answer: Answer) => ({
    listRows: async () => ({ url: slack.serve(`/export/${++count}`, answer) }),
  });
  const csv = give('a,b\n', { 'content-type': 'text/csv' });

  it('is kept with all its rows where Slack exports them', async () => {
    const stored = await copy(
      row(list, csv),
      rows(give('{"items":[]}', { 'content-type': 'application/json' })),
    );
    expect(stored).toMatchObject({ type: 'application/json', facts: { listRows: 'all' } });
    expect(endOf(stored.key)).toBe('Board.json');
  });

  it.each([
    ['the app may not export it', { listRows: async () => null }],
    ['the export cannot be fetched', rows(give('', {}, 404))],
  ])('is its default view where %s', async (_why, other) => {
    const stored = await copy(row(list, csv), other);
    expect(stored).toMatchObject({ type: 'text/csv', facts: { listRows: 'default_view' } });
    expect(endOf(stored.key)).toBe('Board.csv');
  });

  it('is its default view when the export does not come about for long', async () => {
    const busy = { listRows: () => Promise.reject(new Error('list_not_ready')) };
    await expect(copy(row(list, csv), busy)).rejects.toThrow('list_not_ready');
    await expect(copy(row({ ...list, attempts: 9 }, null), busy)).rejects.toThrow('list_not_ready');
    const stored = await copy(row({ ...list, attempts: 4 }, csv), busy);
    expect(stored.facts).toMatchObject({ listRows: 'default_view' });
  });

  it('without either has nothing to fetch; a passing failure is none of that', async () => {
    await expect(copy(row(list, null))).rejects.toMatchObject({ code: 'no_content', permanent: true });
    await expect(copy(row(list, csv), rows(give('', {}, 503)))).rejects.toMatchObject({
      code: 'slack_failed',
    });
  });
});

describe('a redirect to the sign-in page', () => {
  const open = (path: string, answer: Answer | null) => {
    if (answer) slack.serve('/gate', answer);
    const to = answer
      ? `${slack.url('/gate')}?redir=%2Ffiles-pri`
      : 'https://elsewhere.example/?redir=%2Ffiles-pri';
    const url = slack.serve(path, give('', { location: to }, 302));
    return openDownload({
      url,
      token: 'xoxb-1',
      allowedHosts: ['127.0.0.1'],
      file: { ...anyFile(), url },
      stallMs: 2_000,
    });
  };

  it('that refuses tells of a file that no bot gets', async () => {
    await expect(open('/r1', give('', {}, 403))).rejects.toMatchObject({
      code: 'refused_to_bots',
      permanent: true,
    });
  });

  it.each([
    ['a page', give('<html>Sign in</html>', html)],
    ['nothing', give('', {}, 404)],
    ['another redirect', give('', { location: '/gate?redir=x' }, 302)],
  ])('that answers with %s is a sign-in page', async (_what, answer) => {
    await expect(open('/r2', answer)).rejects.toMatchObject({ code: 'login_page', permanent: false });
  });

  it('elsewhere is not followed: the token goes to Slack alone', async () => {
    const asked = slack.asked.length;
    await expect(open('/r3', null)).rejects.toMatchObject({ code: 'login_page' });
    expect(slack.asked.length).toBe(asked + 1);
  });
});

it('a body that was looked at comes whole, however it arrives', async () => {
  const bytes = Buffer.from('<div>drip</div>'.repeat(9_000));
  for (const file of [canvas, { mimetype: null, name: 'x' }]) {
    const answer: Answer = (_request, response) => {
      response.writeHead(200);
      for (const at of [0, 1, 600, 70_000]) {
        const end = { 0: 1, 1: 600, 600: 70_000 }[at] ?? bytes.length;
        setTimeout(() => response.write(bytes.subarray(at, end)), 10 + at / 1_000);
      }
      setTimeout(() => response.end(), 120);
    };
    const url = slack.serve(`/drip/${++count}`, answer);
    const { body } = await openDownload({
      ...{ url, token: 'xoxb-1', allowedHosts: ['127.0.0.1'], stallMs: 20_000, wantsBeginning: true },
      file: { ...anyFile({ ...file, size: null }), url },
    });
    expect((await buffer(body)).equals(bytes)).toBe(true);
  }
});
