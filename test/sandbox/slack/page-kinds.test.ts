/** What the page asks for other than messages and uploads, over HTTP as the page does. */
import { describe, expect, it } from 'vitest';
import type { SandboxSlack } from '../../../sandbox/slack/server.ts';
import { fetchAsBot, fileInfo, freshSlack } from './start.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers as they travel
type Any = any;

async function call(
  slack: SandboxSlack,
  what: string,
  body?: unknown,
): Promise<{ status: number; body: Any }> {
  const raw = body instanceof Buffer ? new Uint8Array(body) : JSON.stringify(body);
  const init = body === undefined ? {} : { method: 'POST', body: raw };
  const response = await fetch(`${slack.url}/sandbox/${what}`, init);
  return { status: response.status, body: await response.json() };
}

async function start() {
  const slack = await freshSlack();
  const user = slack.workspace.people.anna ?? '';
  const channel = slack.workspace.channels.general ?? '';
  return { slack, user, channel };
}

describe('the page', () => {
  it('records a clip: the bytes are the transcode, the recording was larger', async () => {
    const { slack, user, channel } = await start();
    const bytes = Buffer.alloc(1000, 'a');
    const address = `clip?user=${user}&channel=${channel}&kind=audio&transcript=processing`;
    const { body } = await call(slack, address, bytes);
    const file = await fileInfo(slack, body.files[0]);
    expect(file.size).toBeGreaterThan(1000);
    const answer = await fetchAsBot(slack, file.url_private);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    const shown = await fetch(`${slack.url}/sandbox/file/${file.id}?user=${user}`);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(bytes);
    await call(slack, 'transcribe', { user, file_id: file.id, text: 'Hello' });
    const message = slack.as('anna').messages('general')[0];
    expect(message).toMatchObject({ ts: body.ts, files: [{ clip: 'audio', transcript: 'Hello' }] });
  });

  it('sends a mail with attachments', async () => {
    const { slack, user, channel } = await start();
    const content_base64 = Buffer.from('PDF').toString('base64');
    const { body } = await call(slack, 'mail', {
      user,
      channel,
      subject: 'Contract',
      plain: 'See attached.',
      attachments: [{ filename: 'a.pdf', mimetype: 'application/pdf', content_base64 }],
    });
    expect((await fileInfo(slack, body.file_id)).attachments).toMatchObject([{ filename: 'a.pdf', size: 3 }]);
    expect(slack.as('anna').messages('general')[0]?.files?.[0]?.mail).toMatchObject({
      plain: 'See attached.',
      attachments: [{ filename: 'a.pdf', size: 3 }],
    });
    expect((await call(slack, 'mail', { user, channel })).status).toBe(400);
  });

  it('makes a canvas, shows its text and changes it', async () => {
    const { slack, user, channel } = await start();
    const { body } = await call(slack, 'canvas', { user, channel, title: 'Plan', html: '<p>one</p>' });
    const edit = await call(slack, `editable/${body.file_id}?user=${user}`);
    expect(edit.body).toEqual({ title: 'Plan', content: '<p>one</p>' });
    await call(slack, 'edit-file', { user, file_id: body.file_id, content: '<p>two</p>', title: 'Plan B' });
    expect((await call(slack, `editable/${body.file_id}?user=${user}`)).body).toEqual({
      title: 'Plan B',
      content: '<p>two</p>',
    });
    expect((await fileInfo(slack, body.file_id)).title).toBe('Plan B');
    const stranger = slack.workspace.people.gus ?? '';
    const elsewhere = await call(slack, 'canvas', {
      user,
      channel: slack.workspace.channels.design,
      title: 'x',
    });
    expect((await call(slack, `editable/${elsewhere.body.file_id}?user=${stranger}`)).status).toBe(404);
  });

  it('puts a canvas on the channel’s tab, and the page sees it there', async () => {
    const { slack, user, channel } = await start();
    const { body } = await call(slack, 'canvas', { user, channel, title: 'Handbook', tab: true });
    expect(body.ts).toBeUndefined();
    const workspace = (await call(slack, `workspace?user=${user}`)).body;
    expect(workspace.channels.find((one: Any) => one.id === channel).tabs).toEqual([
      { file_id: body.file_id, title: 'Handbook', main: true },
    ]);
    expect(workspace.own_commands.map((one: Any) => one.command)).toEqual(['/invite', '/remove', '/leave']);
    expect(workspace.own_commands.flatMap((one: Any) => one.aliases)).toEqual(['/kick', '/part']);
  });

  it('makes a list and changes its rows', async () => {
    const { slack, user, channel } = await start();
    const { body } = await call(slack, 'list', {
      user,
      channel,
      title: 'Board',
      columns: ['Title'],
      rows: [['a'], ['b']],
    });
    await call(slack, 'edit-file', { user, file_id: body.file_id, rows: [['a'], ['b'], ['c']] });
    expect((await call(slack, `editable/${body.file_id}?user=${user}`)).body).toEqual({
      title: 'Board',
      columns: ['Title'],
      rows: [['a'], ['b'], ['c']],
    });
    expect(slack.as('anna').messages('general')[0]?.files?.[0]).toMatchObject({ rows: 3, editable: true });
  });

  it('shares a link, and refuses what is not there', async () => {
    const { slack, user, channel } = await start();
    const url = 'https://docs.google.com/document/d/1/edit';
    const { body } = await call(slack, 'link', { user, channel, name: 'Roadmap', url });
    expect(await fileInfo(slack, body.file_id)).toMatchObject({ external_type: 'gdrive', url_private: url });
    expect(slack.as('anna').messages('general')[0]?.files?.[0]?.external_url).toBe(url);
    const outside = slack.workspace.people.gus ?? '';
    const { random } = slack.workspace.channels;
    expect((await call(slack, 'link', { user: outside, channel: random, name: 'x', url })).status).toBe(404);
    expect((await call(slack, 'transcribe', { user, file_id: body.file_id, text: 'x' })).status).toBe(400);
  });

  it('makes a clip, a canvas, a list and a link without sharing them; one message then carries them all', async () => {
    const { slack, user, channel } = await start();
    const clip = await call(slack, `clip?user=${user}&kind=video`, Buffer.from('mp4'));
    const canvas = await call(slack, 'canvas', { user, title: 'Plan' });
    const list = await call(slack, 'list', { user, title: 'Board', columns: ['A'], rows: [['1']] });
    const link = await call(slack, 'link', { user, name: 'Road map', url: 'https://docs.google.com/d/1' });
    const made = [clip, canvas, list, link].map(({ body }) => body.file);
    expect(made.map((file) => file.mode)).toEqual(['hosted', 'quip', 'list', 'external']);
    expect(slack.as('anna').messages('general')).toEqual([]);
    const file_ids = made.map((file) => file.id);
    await call(slack, 'post', { user, channel, text: 'all', file_ids });
    const [message, ...others] = slack.as('anna').messages('general');
    expect(others).toEqual([]);
    expect(message?.files?.map((file) => file.id)).toEqual(file_ids);
    for (const id of file_ids) expect((await fileInfo(slack, id)).shares.public[channel]).toHaveLength(1);
  });

  it('gives one attachment of a mail by its place, and only to those who see the mail', async () => {
    const { slack, user, channel } = await start();
    const attachments = ['first', 'second'].map((text) => ({
      filename: `${text}.txt`,
      mimetype: 'text/plain',
      content_base64: Buffer.from(text).toString('base64'),
    }));
    const { body } = await call(slack, 'mail', { user, channel, subject: 'Two', plain: 'x', attachments });
    const got = (who: string, place: string) =>
      fetch(`${slack.url}/sandbox/file/${body.file_id}?user=${who}&attachment=${place}`);
    const second = await got(user, '1');
    expect(await second.text()).toBe('second');
    expect(second.headers.get('content-security-policy')).toContain('sandbox');
    for (const place of ['2', '-1', 'x', '0.5']) expect((await got(user, place)).status).toBe(404);
    const mail = { user, channel: slack.workspace.channels.design, subject: 'y', attachments };
    const { file_id } = (await call(slack, 'mail', mail)).body;
    const gus = slack.workspace.people.gus ?? '';
    expect((await fetch(`${slack.url}/sandbox/file/${file_id}?user=${gus}&attachment=0`)).status).toBe(404);
  });

  it('redraws the cards of a file after an edit, wherever it was shared', async () => {
    const { slack, user, channel } = await start();
    const { file } = (await call(slack, 'canvas', { user, title: 'Plan' })).body;
    for (const text of ['one', 'two'])
      await call(slack, 'post', { user, channel, text, file_ids: [file.id] });
    const stream = await fetch(`${slack.url}/sandbox/stream?user=${user}`);
    const reader = stream.body?.getReader();
    await call(slack, 'edit-file', { user, file_id: file.id, title: 'Plan B' });
    let told = '';
    while ((told.match(/message_changed/g) ?? []).length < 2) {
      const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) break;
      told += Buffer.from(value).toString();
    }
    await reader?.cancel();
    const titles = [...told.matchAll(/"title":"([^"]*)"/g)].map(([, title]) => title);
    expect(titles.filter((title) => title === 'Plan B')).toHaveLength(2);
  });

  it('keeps a canvas’s new title escaped, as Slack does, but not other files’ titles', async () => {
    const { slack, user, channel } = await start();
    const { body } = await call(slack, 'canvas', { user, channel, title: 'Plan' });
    await call(slack, 'edit-file', { user, file_id: body.file_id, title: 'R&D <v2> &amp; more' });
    expect((await fileInfo(slack, body.file_id)).title).toBe('R&amp;D &lt;v2&gt; &amp; more');
    const list = await call(slack, 'list', { user, channel, title: 'Board', columns: ['A'], rows: [] });
    await call(slack, 'edit-file', { user, file_id: list.body.file_id, title: 'Q&A' });
    expect((await fileInfo(slack, list.body.file_id)).title).toBe('Q&A');
  });
});
