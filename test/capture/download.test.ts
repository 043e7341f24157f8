import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DownloadRequest, openDownload, parseRetryAfter } from '../../src/capture/download.ts';
import { type FileHost, startFileHost } from './file-host.ts';

const TOKEN = 'xoxb-secret';
const LOGIN =
  '<!DOCTYPE html><html><head><title>Login | Slack</title></head><body data-qa="signin">…</body></html>';
const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
const png = { name: 'a.png', mimetype: 'image/png', filetype: 'png', mode: 'hosted', size: PNG.length };

let host: FileHost;
beforeAll(async () => {
  host = await startFileHost();
});
afterAll(() => host?.close());

let count = 0;
function give(body: string | Buffer, headers: Record<string, string> = {}, status = 200): string {
  return host.serve(`/files-pri/${++count}`, (_request, response) => {
    const length = Buffer.byteLength(body);
    response.writeHead(status, { 'content-length': length, ...headers }).end(body);
  });
}

function download(url: string, change: Partial<DownloadRequest> = {}) {
  return openDownload({
    url,
    token: TOKEN,
    allowedHosts: ['127.0.0.1'],
    file: png,
    stallMs: 2_000,
    ...change,
  });
}

describe('a file', () => {
  it('comes with its length and type', async () => {
    const { body, length, contentType } = await download(give(PNG, { 'content-type': 'image/png' }));
    expect([length, contentType]).toEqual([PNG.length, 'image/png']);
    expect((await buffer(body)).equals(PNG)).toBe(true);
    expect(host.asked.at(-1)).toContain(`Bearer ${TOKEN}`);
  });

  it('takes its length from the file object when the answer has none, and else has none', async () => {
    const url = host.serve('/unknown', (_request, response) => {
      response.write(PNG);
      response.end();
    });
    expect((await download(url)).length).toBe(PNG.length);
    const unknown = await download(url, { file: { ...png, size: null } });
    expect(unknown.length).toBeNull();
    expect((await buffer(unknown.body)).equals(PNG)).toBe(true);
  });

  it('may be empty', async () => {
    const { body, length } = await download(give(''), { file: { ...png, size: 0 } });
    expect(length).toBe(0);
    expect(await buffer(body)).toHaveLength(0);
    const chunked = host.serve('/empty', (_request, response) => response.writeHead(200).end());
    expect(await buffer((await download(chunked, { file: { ...png, size: null } })).body)).toHaveLength(0);
  });

  it('comes whole although its first bytes were looked at, however they arrive', async () => {
    const bytes = Buffer.alloc(300_000, 'drip ');
    const url = host.serve('/drip', (_request, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 1));
      setTimeout(() => response.end(bytes.subarray(1)), 30);
    });
    const { body } = await download(url, { file: { ...png, size: bytes.length } });
    expect((await buffer(body)).equals(bytes)).toBe(true);
  });
});

describe('a login page', () => {
  const html = { 'content-type': 'text/html; charset=utf-8' };
  it.each([
    ['by its type', give_(LOGIN, html), png],
    ['by its first bytes', give_(`\n  ${LOGIN}`, { 'content-type': 'application/octet-stream' }), png],
    ['of unknown length', give_(LOGIN, { ...html, 'transfer-encoding': 'chunked' }), { ...png, size: null }],
    [
      'in the place of an HTML file',
      give_(LOGIN, html),
      { ...png, name: 'a.html', mimetype: 'text/html', filetype: 'html' },
    ],
    [
      'in the place of a canvas',
      give_(LOGIN, html),
      { ...png, mode: 'quip', filetype: 'quip', mimetype: 'application/vnd.slack-docs' },
    ],
  ])('is known %s', async (_how, url, file) => {
    const refused = download(url(), { file });
    await expect(refused).rejects.toMatchObject({
      code: 'login_page',
      permanent: false,
      message: /files:read/,
    });
  });

  it('is known by a redirect to it', async () => {
    const url = give('', { location: 'https://example.slack.com/?redir=%2Ffiles-pri%2FT1-F1%2Fa.png' }, 302);
    const before = host.asked.length;
    await expect(download(url)).rejects.toMatchObject({ code: 'login_page' });
    expect(host.asked).toHaveLength(before + 1);
  });

  const page = '<!doctype html><html><body>My own page</body></html>';
  const own = { ...png, name: 'a.html', mimetype: 'text/html', filetype: 'html', size: page.length };
  it.each([
    ['an HTML file', own, html],
    ['an HTML file that Slack has no type for', { ...own, mimetype: '', filetype: '' }, html],
    ['a canvas', { ...own, name: 'Canvas', mode: 'quip', filetype: 'quip', mimetype: '', size: 7 }, html],
    ['a post', { ...own, name: 'Post', mode: 'space', filetype: 'space', mimetype: '', size: 7 }, html],
    [
      'an e-mail',
      { ...own, name: 'Mail', mode: 'email', filetype: 'email', mimetype: 'text/html', size: 7 },
      html,
    ],
    [
      'a text file that begins like a page',
      { ...own, name: 'a.txt', mimetype: 'text/plain', filetype: 'text', mode: 'snippet' },
      {},
    ],
  ])('is not: %s', async (_what, file, headers) => {
    const { body, length } = await download(give(page, headers as Record<string, string>), { file });
    expect(length).toBe(page.length);
    expect((await buffer(body)).toString()).toBe(page);
  });
});

/** For tables, which are made before the server runs. */
function give_(body: string, headers: Record<string, string>) {
  return () =>
    host.serve(`/files-pri/${++count}`, (_request, response) => {
      if (!headers['transfer-encoding']) response.setHeader('content-length', Buffer.byteLength(body));
      response.writeHead(200, headers).end(body);
    });
}

describe('a redirect', () => {
  const slack = 'https://files.slack.com/files-pri/T1-F1/a.png';
  const open = (url: string) => download(url, { dispatcher: host.dispatcher, allowedHosts: [] });
  const to = (path: string, location: string, status = 302) =>
    host.serve(path, (_request, response) => response.writeHead(status, { location }).end('moved'));

  it.each([301, 302, 303, 307, 308])(
    '(%i) to another host of Slack is followed with the token',
    async (status) => {
      host.asked.length = 0;
      to('/files-pri/T1-F1/a.png', 'https://files-origin.slack.com/b', status);
      to('/b', '//slack-files.com/c');
      host.serve('/c', (_request, response) => response.end(PNG));
      const { body } = await open(slack);
      expect((await buffer(body)).equals(PNG)).toBe(true);
      expect(host.asked).toEqual([
        `files.slack.com /files-pri/T1-F1/a.png Bearer ${TOKEN}`,
        `files-origin.slack.com /b Bearer ${TOKEN}`,
        `slack-files.com /c Bearer ${TOKEN}`,
      ]);
    },
  );

  it.each([
    'https://evil.example/steal',
    'https://slack.com.evil.example/steal',
    'http://files.slack.com/steal',
    'https://files.slack.com@evil.example/steal',
    'http://127.0.0.1/steal',
  ])('to %s is refused by name, and nothing is asked there', async (location) => {
    host.asked.length = 0;
    to('/files-pri/T1-F1/a.png', location);
    const { host: foreign } = new URL(location);
    const refused = open(slack);
    await expect(refused).rejects.toMatchObject({
      code: 'foreign_host',
      message: expect.stringContaining(foreign),
    });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('steal') });
    expect(host.asked).toHaveLength(1);
  });

  it('is followed five times and no more', async () => {
    for (let hop = 0; hop < 6; hop++) to(`/hop${hop}`, `/hop${hop + 1}`);
    host.serve('/hop6', (_request, response) => response.end(PNG));
    expect((await download(host.url('/hop1'))).length).toBe(PNG.length);
    await expect(download(host.url('/hop0'))).rejects.toMatchObject({ code: 'too_many_redirects' });
  });

  it('to nowhere is refused', async () => {
    await expect(download(to('/nowhere', 'http://['))).rejects.toMatchObject({ code: 'bad_url' });
  });
});

describe('the token', () => {
  it.each(['https://docs.google.com/document/x', 'http://files.slack.com/x', 'file:///etc/passwd'])(
    'is not sent to %s',
    async (url) => {
      host.asked.length = 0;
      const refused = download(url, { dispatcher: host.dispatcher, allowedHosts: [] });
      await expect(refused).rejects.toMatchObject({ code: 'foreign_host' });
      expect(host.asked).toEqual([]);
    },
  );
});

describe('a refusal', () => {
  it.each([
    [401, 'unauthorized', true],
    [403, 'forbidden', true],
    [404, 'not_found', true],
    [410, 'gone', true],
    [429, 'rate_limited', false],
    [500, 'slack_failed', false],
    [503, 'slack_failed', false],
    [206, 'unexpected_answer', false],
  ])('with %i is %s', async (status, code, permanent) => {
    const refused = download(give('no', { 'retry-after': '7' }, status));
    const retryAfterMs = status === 429 || status >= 500 ? 7000 : null;
    await expect(refused).rejects.toMatchObject({ code, permanent, retryAfterMs });
  });

  it('never shows the address or the token', async () => {
    const url = `${give('no', {}, 500)}?pub_secret=1`;
    await expect(download(url)).rejects.toMatchObject({
      message: expect.not.stringMatching(/files-pri|pub_secret|xoxb/),
    });
  });
});

describe('parseRetryAfter', () => {
  it.each([
    ['30', 30_000],
    ['0', 0],
    ['Mon, 23 Nov 2026 07:01:00 GMT', 60_000],
    ['Mon, 23 Nov 2026 06:00:00 GMT', 0],
    ['999999999', 3_600_000],
    ['soon', null],
    ['', null],
    [null, null],
  ])('reads %j as %j ms', (value, ms) => {
    expect(parseRetryAfter(value, Date.UTC(2026, 10, 23, 7, 0, 0))).toBe(ms);
  });
});

describe('what cannot be the file', () => {
  it('has another length than the file object says', async () => {
    await expect(download(give('too long for this'))).rejects.toMatchObject({ code: 'wrong_length' });
  });

  it('is larger than allowed', async () => {
    await expect(download(give(PNG), { maxBytes: 5 })).rejects.toMatchObject({
      code: 'too_large',
      permanent: true,
    });
  });

  it('was encoded on the way, although nobody asked', async () => {
    const zipped = give(gzipSync(PNG), { 'content-encoding': 'gzip' });
    await expect(download(zipped)).rejects.toMatchObject({ code: 'unexpected_answer' });
  });
});

describe('a connection', () => {
  it('that is refused, silent, or cut is an error', async () => {
    const gone = await startFileHost();
    await gone.close();
    await expect(download(gone.url('/x'))).rejects.toMatchObject({ code: 'unreachable' });
    const silent = host.serve('/silent', () => {});
    await expect(download(silent, { stallMs: 100 })).rejects.toMatchObject({ code: 'stalled' });
    const headersOnly = host.serve('/headers', (_request, response) => {
      response.writeHead(200, { 'content-length': PNG.length }).flushHeaders();
    });
    await expect(download(headersOnly, { stallMs: 100 })).rejects.toMatchObject({ code: 'stalled' });
    const cut = host.serve('/cut', (request) => request.socket.resetAndDestroy());
    await expect(download(cut)).rejects.toMatchObject({ code: 'broken_off' });
  });

  it('is given up when the signal says so', async () => {
    const silent = host.serve('/silent2', () => {});
    const signal = AbortSignal.timeout(50);
    await expect(download(silent, { signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});
