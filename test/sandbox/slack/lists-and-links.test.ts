/** Lists and their exports, files that live elsewhere, huddles, and files that nobody may fetch. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_APP, type SandboxSlack } from '../../../sandbox/slack/server.ts';
import { fetchAsBot, fileInfo, freshSlack, refusal, webClient } from './start.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers as they travel
type Any = any;

const rows = Array.from({ length: 6 }, (_, at) => [`Task ${at + 1}`, at === 0 ? 'a, "b"' : 'x']);
const board = { title: 'Sprint Board', columns: ['Title', 'Note'], rows };

const call = (slack: SandboxSlack, method: string, args: Any): Promise<Any> =>
  webClient(slack).apiCall(method, args);

describe('a list', () => {
  it('has a CSV of its default view only', async () => {
    const slack = await freshSlack();
    const { fileId } = slack.as('anna').list('general', board);
    const file = await fileInfo(slack, fileId);
    expect(file).toMatchObject({
      mode: 'list',
      title: 'Sprint Board',
      size: 0,
      mimetype: 'application/vnd.slack-list',
      list_limits: { row_count: 6, row_count_limit: 1000, column_count_limit: 30 },
    });
    expect(new URL(file.permalink).pathname).toBe(`/lists/${slack.workspace.teamId}/${fileId}`);
    expect(file.list_metadata.schema[0]).toMatchObject({ name: 'Title', is_primary_column: true });
    expect(file.list_csv_download_url).toMatch(/\/files-pri\/T\w+-F\w+\/csv\/list$/);
    const answer = await fetchAsBot(slack, file.list_csv_download_url);
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const lines = (await answer.text()).trim().split('\n');
    expect(lines.slice(0, 2)).toEqual(['Title,Note', 'Task 1,"a, ""b"""']);
    expect(lines).toHaveLength(5);
    // Its plain address is not a CSV.
    expect(await (await fetchAsBot(slack, file.url_private_download)).json()).toMatchObject({ id: fileId });
  });

  it('is exported whole by a job, in CSV or JSON', async () => {
    const slack = await freshSlack();
    const { fileId: list_id } = slack.as('anna').list('general', board);
    for (const format of ['csv', 'json']) {
      const { job_id } = await call(slack, 'slackLists.download.start', { list_id, format });
      expect(job_id).toMatch(/^Le/);
      const first = await call(slack, 'slackLists.download.get', { list_id, job_id });
      expect(first.download_url).toBeUndefined();
      const second = await call(slack, 'slackLists.download.get', { list_id, job_id });
      expect(second.status).toBe('COMPLETED');
      // The address of the default view's CSV, with the workspace behind it (docs.slack.dev).
      expect(second.download_url).toMatch(new RegExp(`/${format}/list\\?origin_team=T\\w+$`));
      const text = await (await fetchAsBot(slack, second.download_url)).text();
      if (format === 'csv') expect(text.trim().split('\n')).toHaveLength(7);
      else expect(JSON.parse(text).items).toHaveLength(6);
    }
    expect(await refusal(call(slack, 'slackLists.download.get', { list_id, job_id: 'LeX' }))).toBe(
      'job_not_found',
    );
    expect(await refusal(call(slack, 'slackLists.download.start', { list_id: 'F0NONE' }))).toBe(
      'list_not_found',
    );
  });

  it('is not exported without the scope, nor where the bot is not', async () => {
    const app = structuredClone(DEFAULT_APP);
    const scopes = app.manifest.oauth_config?.scopes;
    if (scopes?.bot) scopes.bot = scopes.bot.filter((scope) => scope !== 'lists:read');
    const without = await freshSlack({ app });
    const { fileId } = without.as('anna').list('general', board);
    const start = call(without, 'slackLists.download.start', { list_id: fileId });
    expect(await refusal(start)).toBe('missing_scope');
    const slack = await freshSlack();
    const hidden = slack.as('anna').list('random', board);
    const there = call(slack, 'slackLists.download.start', { list_id: hidden.fileId });
    expect(await refusal(there)).toBe('list_not_found');
  });

  it('can be changed, and the app hears of it', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const { fileId } = anna.list('general', board);
    anna.edit(fileId, { rows: [['One', 'y']], title: 'Board' });
    expect(slack.deliveries.list.filter((one) => one.type === 'file_change')).toHaveLength(2);
    const file = await fileInfo(slack, fileId);
    expect(file.title).toBe('Board');
    expect(await (await fetchAsBot(slack, file.list_csv_download_url)).text()).toBe('Title,Note\nOne,y\n');
  });
});

describe('a file that lives elsewhere', () => {
  it.each([
    ['gdrive', 'https://docs.google.com/document/d/1hcB/edit', { external_type: 'gdrive', filetype: 'gdoc' }],
    ['dropbox', 'https://www.dropbox.com/s/abc/plan.pdf', { external_type: 'dropbox' }],
    ['remote', 'https://example.com/doc', { external_type: 'app', size: 0, filetype: 'remote' }],
  ] as const)('is a link: %s', async (kind, url, expected) => {
    const slack = await freshSlack();
    const { fileId } = slack.as('anna').link('general', { name: 'Roadmap', url, kind });
    const file = await fileInfo(slack, fileId);
    expect(file).toMatchObject({ mode: 'external', is_external: true, url_private: url, ...expected });
    // Google Drive: there is a size, and an empty download address.
    if (kind === 'gdrive') {
      expect(file.url_private_download).toBe('');
      expect(file.size).toBeGreaterThan(0);
      expect(file).not.toHaveProperty('external_url');
    }
  });

  it('has its address from the beginning, even while Slack is not ready with uploads', async () => {
    const slack = await freshSlack({ readyMs: 60_000 });
    const url = 'https://docs.google.com/document/d/1hcB/edit';
    slack.as('anna').link('general', { name: 'Roadmap', url, kind: 'gdrive' });
    const { files } = slack.deliveries.list.find((one) => one.type === 'message')?.body.event ?? {};
    expect(files).toMatchObject([{ mode: 'external', url_private: url, filetype: 'gdoc' }]);
  });
});

describe('files that a bot does not get', () => {
  it('a huddle’s transcript leads to a sign-in address, then to 403', async () => {
    const slack = await freshSlack();
    const { ts, notes, transcript } = slack.huddle('general', { html: '<p>Agenda</p>' });
    const events = slack.deliveries.list.filter((one) => one.type === 'message').map((one) => one.body.event);
    expect(events).toMatchObject([
      { subtype: 'huddle_thread', ts, user: 'USLACKBOT', room: { date_end: 0, has_ended: false } },
      {
        subtype: 'message_changed',
        message: { room: { has_ended: true, attached_file_ids: [notes] }, files: [{ id: notes }] },
      },
    ]);
    // Only the notes are files of the message, and a person began it.
    expect(events[1]?.message.files).toHaveLength(1);
    expect(events[0]?.room.created_by).not.toBe('USLACKBOT');
    const file = await fileInfo(slack, transcript);
    expect(file.mode).toBe('huddle_transcript');
    const first = await fetchAsBot(slack, file.url_private_download, { redirect: 'manual' });
    expect(first.status).toBe(302);
    expect(first.headers.get('location')).toBe(
      `${slack.url}/?redir=${encodeURIComponent(new URL(file.url_private_download).pathname)}`,
    );
    expect((await fetchAsBot(slack, file.url_private_download)).status).toBe(403);
    // A page at the workspace's root does not change that.
    slack.addRoute('/', (_request, response) => void response.end('the page'));
    expect((await fetchAsBot(slack, file.url_private_download)).status).toBe(403);
    expect(await (await fetch(slack.url)).text()).toBe('the page');
    const canvas = await fileInfo(slack, notes);
    expect(canvas).toMatchObject({ is_huddle_canvas: true, huddle_transcript_file_id: transcript });
    expect(canvas.title).toMatch(/^:headphones: .* in &lt;#C\w+&gt;$/);
  });

  it('may be told as denied', async () => {
    const slack = await freshSlack();
    const [id = ''] = (await slack.as('anna').share('general', { name: 'a.txt', content: 'x' })).files;
    const denied = slack.faults.form(id, 'access_denied');
    expect(await fileInfo(slack, id)).toMatchObject({ mode: 'file_access', file_access: 'access_denied' });
    denied.remove();
    expect(await fileInfo(slack, id)).toMatchObject({ mode: 'hosted' });
  });

  it('are not there yet for a while', async () => {
    const slack = await freshSlack({ readyMs: 300 });
    const [id = ''] = (await slack.as('anna').share('general', { name: 'a.txt', content: 'x' })).files;
    expect(await refusal(webClient(slack).files.info({ file: id }))).toBe('file_not_found');
    const event = slack.deliveries.list.find((one) => one.type === 'message')?.body.event;
    expect(event.files[0]).toMatchObject({ id, mimetype: '' });
    expect(event.files[0].url_private).toBeUndefined();
    await expect.poll(() => refusal(webClient(slack).files.info({ file: id }))).toBe('no refusal');
  });

  it('are not there yet for a given number of questions', async () => {
    const slack = await freshSlack();
    const [id = ''] = (await slack.as('anna').share('general', { name: 'a.txt', content: 'x' })).files;
    slack.faults.notYet(id, 2);
    const ask = () => refusal(webClient(slack).files.info({ file: id }));
    expect([await ask(), await ask(), await ask()]).toEqual([
      'file_not_found',
      'file_not_found',
      'no refusal',
    ]);
  });
});

describe('files that messages show without carrying them', () => {
  it('an image block of another app names a file that is in no files', async () => {
    const slack = await freshSlack();
    const id = await slack.as('ben').upload({ name: 'chart.png', content: 'png' });
    expect(await refusal(webClient(slack).files.info({ file: id }))).toBe('file_not_found');
    const blocks = [{ type: 'image', slack_file: { id }, alt_text: 'Chart' }];
    const ts = slack.otherApp('general', { text: 'Chart', blocks });
    const event = slack.deliveries.list.find((one) => one.type === 'message')?.body.event;
    expect(event).toMatchObject({ ts, subtype: 'bot_message', text: 'Chart' });
    expect(event.user).toBeUndefined();
    expect(event.files).toBeUndefined();
    expect(event.blocks[0].slack_file).toMatchObject({ id, url: expect.stringContaining('/files-pri/') });
    expect(await (await fetchAsBot(slack, event.blocks[0].image_url)).text()).toBe('png');
    expect((await fileInfo(slack, id)).channels).toEqual([]);
  });

  it('rich text names a canvas, and the message carries it', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const { fileId } = anna.canvas('general', { title: 'Plan' });
    const elements = [{ type: 'rich_text_section', elements: [{ type: 'canvas', file_id: fileId }] }];
    const blocks = [{ type: 'rich_text', elements }];
    const ts = anna.rich('general', { text: fileId, blocks, file_ids: [fileId] });
    const event = slack.deliveries.list.filter((one) => one.type === 'message').at(-1)?.body.event;
    expect(event).toMatchObject({ ts, blocks, files: [{ id: fileId, mode: 'quip' }] });
  });

  it('an event can be sent as it was recorded', async () => {
    const slack = await freshSlack();
    const channel = slack.workspace.channels.general;
    const legacy = { type: 'message', subtype: 'file_share', channel, ts: '1.000001', file: { id: 'F0OLD' } };
    slack.event('general', legacy);
    expect(slack.deliveries.list.at(-1)?.body.event).toEqual(legacy);
    expect(slack.as('anna').messages('general')).toEqual([]);
  });

  it('a forwarded message has its files in an attachment', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const { ts, files } = await anna.share('random', { name: 'a.txt', content: 'x' }, { text: 'see file' });
    const { random = '' } = slack.workspace.channels;
    anna.forward('general', { channel: 'random', ts }, 'fyi');
    const event = slack.deliveries.list.find((one) => one.type === 'message')?.body.event;
    expect(event.files).toBeUndefined();
    expect(event.attachments[0]).toMatchObject({
      is_share: true,
      channel_id: random,
      text: 'see file',
      files: [{ id: files[0] }],
      message_blocks: [{ channel: random, ts }],
    });
    expect((await fileInfo(slack, files[0] ?? '')).id).toBe(files[0]);
  });
});

describe('files.list', () => {
  it('lists canvases, lists and snippets by their types, page by page, and when they changed', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const canvas = anna.canvas('general', { title: 'Plan' }).fileId;
    const list = anna.list('general', board).fileId;
    const [snippet = ''] = (await anna.share('general', { name: 'a.txt', content: 'x', mode: 'snippet' }))
      .files;
    const tab = anna.channelCanvas('general', { title: 'Handbook' });
    anna.edit(canvas, { content: '<p>x</p>' });
    const web = webClient(slack);
    const ids = async (types: string) => (await web.files.list({ types })).files?.map((file) => file.id);
    expect(await ids('canvases')).toEqual([tab, canvas]);
    expect(await ids('spaces')).toEqual([tab, canvas]);
    expect(await ids('lists')).toEqual([list]);
    expect(await ids('snippets')).toEqual([snippet]);
    const { files, paging } = (await web.files.list({ count: 2, page: 2 })) as Any;
    expect(paging).toMatchObject({ count: 2, page: 2, pages: 2, total: 4 });
    expect(files.map((file: Any) => file.id)).toEqual([list, canvas]);
    expect(files[1].updated).toBeGreaterThan(0);
  });
});
