import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { SandboxSlack } from '../../../sandbox/slack/server.ts';
import { freshSlack, webClient } from './start.ts';

async function fileOf(slack: SandboxSlack, id: string) {
  const { file } = await webClient(slack).files.info({ file: id });
  return file ?? {};
}

function download(slack: SandboxSlack, url: string | undefined, token = slack.app.botToken) {
  const headers = { authorization: `Bearer ${token}` };
  return fetch(url ?? '', { headers, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
}

describe('faults of the file host', () => {
  const content = 'abcdefghij'.repeat(1000);

  async function shared() {
    const slack = await freshSlack();
    const { files } = await slack.as('anna').share('general', { name: 'a.txt', content });
    const id = files[0] ?? '';
    const { url_private_download: url } = await fileOf(slack, id);
    return { slack, id, url, get: () => download(slack, url) };
  }

  /** What really arrives on the wire, and how it ended: fetch hides half of it. */
  function onTheWire(
    slack: SandboxSlack,
    url = '',
  ): Promise<{ length?: string; bytes: number; end: string }> {
    return new Promise((resolve) => {
      const headers = { authorization: `Bearer ${slack.app.botToken}` };
      let answered = false;
      request(url, { headers }, (response) => {
        answered = true;
        let bytes = 0;
        const length = response.headers['content-length'];
        const done = (end: string) => resolve({ ...(length === undefined ? {} : { length }), bytes, end });
        response.on('data', (chunk) => {
          bytes += chunk.length;
        });
        response.on('end', () => done('end'));
        response.on('error', () => done('error'));
      })
        .on('error', () => {
          // Once there is a response, its own error says how far it got.
          if (!answered) resolve({ bytes: 0, end: 'error' });
        })
        .end();
    });
  }

  test('strike as often as they are told to, and can be taken away', async () => {
    const { slack, id, get } = await shared();
    const handle = slack.faults.download(id, { kind: 'login_page' }, 2);
    expect((await get()).headers.get('content-type')).toContain('text/html');
    expect((await get()).headers.get('content-type')).toContain('text/html');
    expect(await (await get()).text()).toBe(content);
    expect(handle.hits).toBe(2);
    const forever = slack.faults.download('*', { kind: 'status', status: 410 });
    expect((await get()).status).toBe(410);
    forever.remove();
    expect((await get()).status).toBe(200);
  });

  test('a status with Retry-After', async () => {
    const { slack, id, get } = await shared();
    slack.faults.download(id, { kind: 'status', status: 429, retryAfter: 7 }, 1);
    const answer = await get();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  });

  test('a redirect elsewhere, and one to another path that serves the file', async () => {
    const { slack, id, get } = await shared();
    slack.faults.download(id, { kind: 'redirect', to: 'https://elsewhere.example/x' }, 1);
    const away = await get();
    expect([away.status, away.headers.get('location')]).toEqual([302, 'https://elsewhere.example/x']);
    slack.faults.download(id, { kind: 'redirect', to: 'path' }, 1);
    const moved = await get();
    expect(await (await download(slack, moved.headers.get('location') ?? '')).text()).toBe(content);
  });

  test('bodies that are too short, too long, cut off, or give a wrong length', async () => {
    const { slack, id, url } = await shared();
    const strike = async (fault: Parameters<typeof slack.faults.download>[1]) => {
      slack.faults.download(id, fault, 1);
      return await onTheWire(slack, url);
    };
    expect(await strike({ kind: 'short', bytes: 10 })).toEqual({ length: '9990', bytes: 9990, end: 'end' });
    expect(await strike({ kind: 'extra', bytes: 5 })).toEqual({ length: '10005', bytes: 10_005, end: 'end' });
    expect(await strike({ kind: 'reset', after: 100 })).toMatchObject({ length: '10000', end: 'error' });
    expect(await strike({ kind: 'reset', after: 0 })).toMatchObject({ bytes: 0, end: 'error' });
    expect(await strike({ kind: 'content_length', value: 12_000 })).toEqual({
      length: '12000',
      bytes: 10_000,
      end: 'error',
    });
    expect(await strike({ kind: 'content_length', value: null })).toEqual({ bytes: 10_000, end: 'end' });
    expect(await strike({ kind: 'drip', bytesPerSecond: 40_000 })).toMatchObject({
      bytes: 10_000,
      end: 'end',
    });
  });

  test('a drip gets faster when its pace is changed', async () => {
    const { slack, id, get } = await shared();
    // At this pace it would take a quarter of an hour.
    const drip = { kind: 'drip' as const, bytesPerSecond: 10 };
    slack.faults.download(id, drip, 1);
    const answer = await get();
    drip.bytesPerSecond = Number.POSITIVE_INFINITY;
    expect(await answer.text()).toBe(content);
  });

  test('a stall gives the first bytes and then nothing', async () => {
    const { slack, id, url } = await shared();
    slack.faults.download(id, { kind: 'stall', after: 100 }, 1);
    const signal = AbortSignal.timeout(300);
    const headers = { authorization: `Bearer ${slack.app.botToken}` };
    const answer = await fetch(url ?? '', { headers, signal });
    let bytes = 0;
    const read = async () => {
      for await (const chunk of answer.body ?? []) bytes += chunk.length;
    };
    await expect(read()).rejects.toThrow();
    expect(bytes).toBe(100);
  });

  test('changed shapes of the file object', async () => {
    const { slack, id } = await shared();
    const form = slack.faults.form(id, 'hidden_by_limit');
    expect(await fileOf(slack, id)).toEqual({ id, mode: 'hidden_by_limit' });
    const web = webClient(slack);
    expect((await web.files.list({})).files).toEqual([]);
    expect((await web.files.list({ show_files_hidden_by_limit: true })).files).toHaveLength(1);
    form.remove();
    slack.faults.form(id, 'external');
    const external = await fileOf(slack, id);
    expect(external).toMatchObject({ mode: 'external', is_external: true });
    expect(external.url_private).not.toContain(slack.url);
    slack.faults.clear();
    expect(await fileOf(slack, id)).toMatchObject({ mode: 'hosted' });
  });
});
