// @slow: one of the files is large.
/** Files: upload, sharing, download, deleting, and the effect of faults on them. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DEFAULT_APP, type SandboxSlack } from '../../../sandbox/slack/server.ts';
import { freshSlack, refusal, webClient } from './start.ts';

async function fileOf(slack: SandboxSlack, id: string) {
  const { file } = await webClient(slack).files.info({ file: id });
  return file ?? {};
}

function download(slack: SandboxSlack, url: string | undefined, token = slack.app.botToken) {
  const headers = { authorization: `Bearer ${token}` };
  return fetch(url ?? '', { headers, redirect: 'manual', signal: AbortSignal.timeout(60_000) });
}

describe('a shared file', () => {
  test('has a complete file object', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const { ts, files } = await anna.share('general', {
      name: 'Übersicht Q3.pdf',
      content: 'pdf',
      title: 'Q3',
    });
    const { general = '' } = slack.workspace.channels;
    const file = await fileOf(slack, files[0] ?? '');
    expect(file).toMatchObject({
      id: files[0],
      name: 'Übersicht Q3.pdf',
      title: 'Q3',
      mimetype: 'application/pdf',
      filetype: 'pdf',
      pretty_type: 'PDF',
      size: 3,
      mode: 'hosted',
      user: anna.id,
      is_external: false,
      is_public: true,
      channels: [general],
      groups: [],
      ims: [],
    });
    expect(file.shares?.public?.[general]).toMatchObject([{ ts, channel_name: 'general' }]);
    // `_` stands for each byte that is no letter of a URL.
    expect(file.url_private_download).toBe(
      `${slack.url}/files-pri/${slack.workspace.teamId}-${files[0]}/download/__bersicht_q3.pdf`,
    );
  });

  test('downloads with its length and type; ranges change nothing', async () => {
    const slack = await freshSlack();
    const content = 'x'.repeat(300_000);
    const { files } = await slack.as('anna').share('general', { name: 'a.txt', content });
    const file = await fileOf(slack, files[0] ?? '');
    for (const url of [file.url_private, file.url_private_download]) {
      const answer = await download(slack, url);
      expect(answer.headers.get('content-length')).toBe('300000');
      expect(answer.headers.get('content-type')).toBe('text/plain');
      expect(await answer.text()).toBe(content);
    }
    const headers = { authorization: `Bearer ${slack.app.botToken}`, range: 'bytes=5-' };
    const ranged = await fetch(file.url_private ?? '', { headers });
    expect(ranged.status).toBe(200);
    expect((await ranged.arrayBuffer()).byteLength).toBe(300_000);
  });

  test('a wrong token, no token, no scope, no membership: the login page, with a 200', async () => {
    const slack = await freshSlack();
    const { files } = await slack.as('anna').share('general', { name: 'a.txt', content: 'secret' });
    const file = await fileOf(slack, files[0] ?? '');
    const isLogin = async (answer: Response) => {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(await answer.text()).toMatch(/^<!DOCTYPE html>/);
    };
    await isLogin(await download(slack, file.url_private_download, 'xoxb-wrong'));
    await isLogin(await fetch(file.url_private_download ?? ''));
    slack.as('anna').kick('general');
    await isLogin(await download(slack, file.url_private_download));
    const app = structuredClone(DEFAULT_APP);
    app.manifest.oauth_config = { scopes: { bot: ['chat:write'] } };
    const other = await freshSlack({ app });
    const shared = await other.as('anna').share('general', { name: 'a.txt', content: 'secret' });
    await isLogin(
      await download(other, `${other.url}/files-pri/${other.workspace.teamId}-${shared.files[0]}/a.txt`),
    );
  });

  test('is unknown to a bot that is not there', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const unshared = await anna.upload({ name: 'a.txt', content: 'a' });
    const { files } = await anna.share('random', { name: 'b.txt', content: 'b' });
    const web = webClient(slack);
    expect(await refusal(web.files.info({ file: unshared }))).toBe('file_not_found');
    expect(await refusal(web.files.info({ file: files[0] ?? '' }))).toBe('file_not_found');
    expect((await web.files.list({})).files).toEqual([]);
  });

  test('list filters by channel, person, type and time, by pages', async () => {
    const slack = await freshSlack();
    const { general = '', design = '' } = slack.workspace.channels;
    await slack.as('anna').share('general', [
      { name: 'a.png', content: 'a' },
      { name: 'b.pdf', content: 'b' },
    ]);
    await slack.as('ben').share('design', { name: 'c.pdf', content: 'c' });
    const web = webClient(slack);
    const names = async (extra: object) => (await web.files.list(extra)).files?.map(({ name }) => name);
    expect(await names({})).toEqual(['c.pdf', 'b.pdf', 'a.png']);
    expect(await names({ channel: general })).toEqual(['b.pdf', 'a.png']);
    expect(await names({ channel: design, types: 'pdfs' })).toEqual(['c.pdf']);
    expect(await names({ user: slack.workspace.people.ben })).toEqual(['c.pdf']);
    expect(await names({ ts_from: '9999999999' })).toEqual([]);
    expect(await names({ count: 2, page: 2 })).toEqual(['a.png']);
    expect((await web.files.list({ count: 2 })).paging).toMatchObject({ total: 3, pages: 2, page: 1 });
  });

  test('deleted: gone from its message, its URL and the API', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const both = [
      { name: 'a.txt', content: 'a' },
      { name: 'b.txt', content: 'b' },
    ];
    const { files } = await anna.share('general', both, { text: 'look' });
    const file = await fileOf(slack, files[0] ?? '');
    await expect(slack.as('ben').removeFile(files[0] ?? '')).rejects.toThrow('cant_delete_file');
    await anna.removeFile(files[0] ?? '');
    const web = webClient(slack);
    expect(await refusal(web.files.info({ file: files[0] ?? '' }))).toBe('file_deleted');
    const { messages } = await web.conversations.history({ channel: slack.workspace.channels.general ?? '' });
    expect(messages?.[0]?.files?.[0]).toEqual({ id: files[0], mode: 'tombstone' });
    expect((await download(slack, file.url_private_download)).status).toBe(404);
  });

  test('a message with nothing but a deleted file goes with it', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const { files } = await anna.share('general', { name: 'a.txt', content: 'a' });
    await anna.removeFile(files[0] ?? '');
    expect(anna.messages('general')).toEqual([]);
  });

  test('a large file passes through the disk, byte for byte, in little memory', async () => {
    const slack = await freshSlack();
    const block = Buffer.alloc(1024 * 1024, 'abcdefgh');
    const count = 200;
    const sent = createHash('sha256');
    async function* blocks() {
      for (let at = 0; at < count; at += 1) {
        sent.update(block);
        yield block;
      }
    }
    const before = process.memoryUsage().rss;
    const { files } = await slack.as('anna').share('general', { name: 'big.bin', content: blocks() });
    const file = await fileOf(slack, files[0] ?? '');
    const answer = await download(slack, file.url_private_download);
    const got = createHash('sha256');
    for await (const chunk of answer.body ?? []) got.update(chunk);
    expect(got.digest('hex')).toBe(sent.digest('hex'));
    expect(process.memoryUsage().rss - before).toBeLessThan(count * block.length);
  }, 90_000);
});

describe("the app's own uploads", () => {
  test('filesUploadV2 shares a file in a thread', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const thread_ts = slack.as('anna').post('general', 'please');
    await web.filesUploadV2({
      channel_id: channel,
      thread_ts,
      filename: 'restored.txt',
      file: Buffer.from('back again'),
      initial_comment: 'Here',
    });
    const [, reply] = slack.as('anna').messages('general');
    expect(reply).toMatchObject({ text: 'Here', thread_ts, files: [{ name: 'restored.txt', size: 10 }] });
    const file = reply?.files?.[0]?.id ?? '';
    await web.files.delete({ file });
    expect(await refusal(web.files.info({ file }))).toBe('file_deleted');
  });

  test('a length that does not agree, a file that was never sent, a channel without the bot', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const announce = async () => await web.files.getUploadURLExternal({ filename: 'a.txt', length: 5 });
    const first = await announce();
    const short = await fetch(first.upload_url ?? '', { method: 'POST', body: 'abc' });
    expect(short.status).toBe(400);
    const complete = (id = '', channel_id?: string) =>
      web.files.completeUploadExternal({ files: [{ id }], ...(channel_id ? { channel_id } : {}) } as never);
    expect(await refusal(complete(first.file_id))).toBe('file_not_found');
    const second = await announce();
    expect(await (await fetch(second.upload_url ?? '', { method: 'POST', body: 'abcde' })).text()).toBe(
      'OK - 5',
    );
    expect(await refusal(complete(second.file_id, slack.workspace.channels.random))).toBe('not_in_channel');
    expect(await refusal(complete(second.file_id))).toBe('no refusal');
  });

  test("it cannot delete other people's files", async () => {
    const slack = await freshSlack();
    const { files } = await slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    expect(await refusal(webClient(slack).files.delete({ file: files[0] ?? '' }))).toBe('cant_delete_file');
  });
});
