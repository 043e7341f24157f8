/** What Slack calls a file beyond uploads: clips, mails, canvases, lists, links, huddles. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SandboxSlack } from '../../../sandbox/slack/server.ts';
import { fetchAsBot, fileInfo, freshSlack, tempDir, webClient } from './start.ts';

// biome-ignore lint/suspicious/noExplicitAny: file objects as they travel
type Any = any;

function events(slack: SandboxSlack, type: string): Any[] {
  return slack.deliveries.list.filter((one) => one.type === type).map((one) => one.body.event);
}

describe('a clip', () => {
  it('has the size of the recording, and both URLs send a transcode of another size and type', async () => {
    const slack = await freshSlack();
    const transcode = Buffer.from('ftyp-transcode');
    const { files } = slack.as('anna').clip('general', { kind: 'audio', recordedBytes: 112_070, transcode });
    const file = await fileInfo(slack, files[0] ?? '');
    expect(file).toMatchObject({
      subtype: 'slack_audio',
      name: 'audio_message.webm',
      mimetype: 'audio/webm',
      size: 112_070,
      media_display_type: 'audio',
      transcription: { status: 'none' },
    });
    expect(file.url_private).toMatch(/\/files-tmb\/T\w+-F\w+-\w+\/audio_message_audio\.mp4$/);
    expect(file.url_private_download).toMatch(
      /\/files-tmb\/T\w+-F\w+-\w+\/download\/audio_message_audio\.mp4$/,
    );
    for (const url of [file.url_private, file.url_private_download]) {
      const answer = await fetchAsBot(slack, url);
      expect(answer.headers.get('content-type')).toBe('audio/mp4');
      expect(answer.headers.get('content-length')).toBe(String(transcode.length));
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(transcode);
    }
  });

  it('of a screen sends video, and nothing is at the usual address', async () => {
    const slack = await freshSlack();
    const { files } = slack.as('anna').clip('general', {
      kind: 'video',
      recordedBytes: 9_000,
      transcode: Buffer.from('video'),
      name: 'Screen 1.mp4',
    });
    const file = await fileInfo(slack, files[0] ?? '');
    expect(file).toMatchObject({ subtype: 'slack_video', mimetype: 'video/mp4' });
    expect((await fetchAsBot(slack, file.url_private)).headers.get('content-type')).toBe('video/mp4');
    const pri = file.url_private.replace('files-tmb', 'files-pri');
    expect((await fetchAsBot(slack, pri)).status).toBe(404);
    const original = `${slack.url}/files-pri/${slack.workspace.teamId}-${file.id}/download/x.mp4`;
    expect((await fetchAsBot(slack, original)).status).toBe(404);
  });

  it('is transcribed later, and the app hears of a change', async () => {
    const slack = await freshSlack();
    const transcode = Buffer.from('x');
    const clip = { kind: 'audio' as const, recordedBytes: 10, transcode, transcript: 'processing' as const };
    const [id = ''] = slack.as('anna').clip('general', clip).files;
    expect((await fileInfo(slack, id)).transcription).toEqual({ status: 'processing' });
    slack.transcribe(id, 'Good morning');
    expect((await fileInfo(slack, id)).transcription).toMatchObject({
      status: 'complete',
      preview: { content: 'Good morning' },
    });
    expect(events(slack, 'file_change')).toMatchObject([{ file_id: id }]);
  });

  it('that was uploaded as MP3 has its original at url_private_download', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const { files } = await anna.share('general', { name: 'here we go.mp3', content: 'original' });
    const before = await fileInfo(slack, files[0] ?? '');
    expect(await (await fetchAsBot(slack, before.url_private)).text()).toBe('A transcode of here we go.mp3');
    slack.transcode(files[0] ?? '', Buffer.from('other'));
    const file = await fileInfo(slack, files[0] ?? '');
    expect(file.subtype).toBeUndefined();
    expect(await (await fetchAsBot(slack, file.url_private)).text()).toBe('other');
    expect(await (await fetchAsBot(slack, file.url_private_download)).text()).toBe('original');
  });
});

describe('an e-mail', () => {
  const attachments = [
    { filename: 'contract v2.pdf', mimetype: 'application/pdf', content: 'PDF bytes' },
    { filename: 'image001.png', mimetype: 'image/png', content: Buffer.from([1, 2, 3]), inline: true },
  ];

  it('is one file of Slackbot, and its attachments have their own URLs', async () => {
    const slack = await freshSlack();
    const { ts, fileId } = slack.mail('general', {
      subject: 'Re: Contract',
      plain: 'See attached.',
      attachments,
    });
    const [event] = events(slack, 'message');
    expect(event).toMatchObject({ ts, subtype: 'file_share', user: 'USLACKBOT', display_as_bot: true });
    expect(event.bot_id).toMatch(/^B/);
    expect(event.files).toHaveLength(1);
    const file = await fileInfo(slack, fileId);
    expect(file).toMatchObject({
      mode: 'email',
      name: 'Re: Contract',
      subject: 'Re: Contract',
      plain_text: 'See attached.',
      original_attachment_count: 2,
      inline_attachment_count: 1,
      attachments: [
        { filename: 'contract v2.pdf', size: 9, mimetype: 'application/pdf', metadata: null },
        { filename: 'image001.png', size: 3, mimetype: 'image/png' },
      ],
    });
    const [pdf, picture] = file.attachments;
    expect(pdf.url).toMatch(/\/files-email-priv\/T\w+-F\w+-\w+-\w+\/contract%20v2\.pdf$/);
    expect(await (await fetchAsBot(slack, pdf.url)).text()).toBe('PDF bytes');
    const answer = await fetchAsBot(slack, picture.url);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([1, 2, 3]));
    const body = await (await fetchAsBot(slack, file.url_private_download)).text();
    expect(file.size).toBe(Buffer.byteLength(body) + 12);
    expect(body).toContain('See attached.');
    const open = await fetch(pdf.url);
    expect(await open.text()).toContain('Sign in');
  });

  it.each(['sign_in', 'web_page'] as const)('may have another page at its URL: %s', async (body) => {
    const slack = await freshSlack();
    const { fileId } = slack.mail('general', {
      subject: 'Hello',
      html: '<p>Hi & bye</p>',
      body,
      attachments,
    });
    const file = await fileInfo(slack, fileId);
    const answer = await fetchAsBot(slack, file.url_private_download);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text.toLowerCase()).toMatch(/^<!doctype html>/);
    expect(text.includes('Sign in to')).toBe(body === 'sign_in');
    // The mark is far below the beginning.
    if (body === 'sign_in') expect(text.indexOf('Sign in to')).toBeGreaterThan(20_000);
    expect(file.simplified_html).toBe('<p>Hi & bye</p>');
    expect(await (await fetchAsBot(slack, file.attachments[0].url)).text()).toBe('PDF bytes');
  });

  it('has attachments that can be broken one by one', async () => {
    const slack = await freshSlack();
    const { fileId } = slack.mail('general', { subject: 'Hello', plain: 'x', attachments });
    slack.faults.download(`${fileId}/image001.png`, { kind: 'status', status: 500 }, 1);
    const [pdf, picture] = (await fileInfo(slack, fileId)).attachments;
    expect((await fetchAsBot(slack, pdf.url)).status).toBe(200);
    expect((await fetchAsBot(slack, picture.url)).status).toBe(500);
    expect((await fetchAsBot(slack, picture.url)).status).toBe(200);
  });
});

describe('a canvas', () => {
  it('is born empty, with its slug for a name and an escaped title', async () => {
    const slack = await freshSlack();
    const { fileId } = slack.as('anna').canvas('general', { title: 'R&D <plan>' });
    const file = await fileInfo(slack, fileId);
    expect(file).toMatchObject({
      mode: 'quip',
      name: 'R_D_plan',
      title: 'R&amp;D &lt;plan&gt;',
      mimetype: 'application/vnd.slack-docs',
      editable: true,
    });
    const answer = await fetchAsBot(slack, file.url_private_download);
    expect(answer.headers.get('content-type')).toContain('text/html');
    const html = await answer.text();
    expect(html).toBe('<div class="quip-canvas-content"></div>');
    expect(file.size).not.toBe(html.length);
  });

  it('tells of every edit by file_change, without who or when', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const { fileId } = anna.canvas('general', { title: 'Plan' });
    anna.edit(fileId, { content: '<p>one</p>' });
    anna.edit(fileId, { content: '<p>two</p>', title: 'Plan B' });
    expect(events(slack, 'file_change')).toEqual(
      Array.from({ length: 3 }, () => ({ type: 'file_change', file_id: fileId, file: { id: fileId } })),
    );
    const file = await fileInfo(slack, fileId);
    expect(file).toMatchObject({ title: 'Plan B', name: 'Plan' });
    expect(file.updated).toBeGreaterThanOrEqual(file.created);
    const html = await (await fetchAsBot(slack, file.url_private_download)).text();
    expect(html).toBe('<div class="quip-canvas-content"><p>two</p></div>');
  });

  it('on a channel’s tab is in no message: a silent share, told by Slackbot', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const id = anna.channelCanvas('general', { title: 'Handbook', html: '<p>Rules</p>' });
    const { general = '' } = slack.workspace.channels;
    expect(anna.messages('general')).toEqual([]);
    const { channel } = (await webClient(slack).conversations.info({ channel: general })) as Any;
    expect(channel.properties.canvas).toMatchObject({ file_id: id, is_empty: false });
    expect(channel.properties.canvas.quip_thread_id).toMatch(/^\w{11}$/);
    const file = await fileInfo(slack, id);
    const [share] = file.shares.public[general];
    expect(share).toMatchObject({ is_silent_share: true, source: 'CHANNEL_TAB' });
    expect(events(slack, 'file_shared')).toMatchObject([
      { file_id: id, user_id: 'USLACKBOT', channel_id: general, event_ts: share.ts },
    ]);
    expect(events(slack, 'message')).toEqual([]);
    await anna.removeFile(id);
    const after = (await webClient(slack).conversations.info({ channel: general })) as Any;
    expect(after.channel.properties).toBeUndefined();
  });

  it('of a free workspace is only in the tabs', async () => {
    const slack = await freshSlack();
    const id = slack.as('anna').channelCanvas('general', { title: 'Handbook', tabOnly: true });
    const { general = '' } = slack.workspace.channels;
    const { channel } = (await webClient(slack).conversations.info({ channel: general })) as Any;
    expect(channel.properties.canvas).toBeUndefined();
    expect(channel.properties.tabs).toContainEqual(
      expect.objectContaining({ type: 'canvas', data: { file_id: id, shared_ts: expect.any(String) } }),
    );
  });

  it.each(['docs', 'space', 'post'] as const)('may be a post of earlier years: %s', async (mode) => {
    const slack = await freshSlack();
    const { fileId } = slack.as('anna').canvas('general', { title: 'Some post', html: '<p>x</p>', mode });
    const file = await fileInfo(slack, fileId);
    expect(file).toMatchObject({ mode, title: 'Some post' });
    expect(file.quip_thread_id).toBeUndefined();
  });
});

describe('all of them', () => {
  it('are there again after a restart, and gone with their bytes when deleted', async () => {
    const dir = await tempDir();
    const first = await freshSlack({ dir });
    const anna = first.as('anna');
    const transcode = Buffer.from('t');
    const [clip = ''] = anna.clip('general', { kind: 'audio', recordedBytes: 9, transcode }).files;
    const attachments = [{ filename: 'a.pdf', mimetype: 'application/pdf', content: 'PDF' }];
    const mail = first.mail('general', { subject: 'Hello', plain: 'x', attachments }).fileId;
    const tab = anna.channelCanvas('general', { title: 'Handbook' });
    await first.close();
    const slack = await freshSlack({ dir });
    expect(await (await fetchAsBot(slack, (await fileInfo(slack, clip)).url_private)).text()).toBe('t');
    expect(await (await fetchAsBot(slack, (await fileInfo(slack, mail)).attachments[0].url)).text()).toBe(
      'PDF',
    );
    const { channel } = (await webClient(slack).conversations.info({
      channel: slack.workspace.channels.general ?? '',
    })) as Any;
    expect(channel.properties.canvas.file_id).toBe(tab);
    for (const id of [clip, mail, tab]) await slack.as('carla').removeFile(id);
    expect(readdirSync(join(dir, 'files'))).toEqual([]);
  });

  it('move with a channel that gets another id', async () => {
    const slack = await freshSlack();
    const id = slack.as('anna').channelCanvas('general', { title: 'Handbook' });
    const moved = slack.changeChannelId('general');
    const { channel } = (await webClient(slack).conversations.info({ channel: moved })) as Any;
    expect(channel.properties.canvas.file_id).toBe(id);
    expect(Object.keys((await fileInfo(slack, id)).shares.public)).toEqual([moved]);
  });

  it('are not found where there is nothing', async () => {
    const slack = await freshSlack();
    const url = 'https://docs.google.com/document/d/1/edit';
    const { fileId } = slack.as('anna').link('general', { name: 'Roadmap', url });
    const place = `${slack.workspace.teamId}-${fileId}`;
    for (const path of [
      `files-pri/${place}/x`,
      `files-tmb/${place}-0/x`,
      `files-email-priv/${place}-0-0/x`,
    ]) {
      expect((await fetchAsBot(slack, `${slack.url}/${path}`)).status).toBe(404);
    }
    const user = slack.workspace.people.anna;
    expect((await fetch(`${slack.url}/sandbox/file/${fileId}?user=${user}`)).status).toBe(404);
  });
});

describe('a snippet', () => {
  it('can be edited, and its size follows', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const { files } = await anna.share('general', { name: 'a.txt', content: 'one', mode: 'snippet' });
    const [id = ''] = files;
    anna.edit(id, { content: 'three' });
    const file = await fileInfo(slack, id);
    expect(file.size).toBe(5);
    expect(await (await fetchAsBot(slack, file.url_private_download)).text()).toBe('three');
    expect(events(slack, 'file_change')).toHaveLength(1);
  });

  it('is the only upload that can', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const { files } = await anna.share('general', { name: 'a.pdf', content: 'one' });
    expect(() => anna.edit(files[0] ?? '', { content: 'x' })).toThrow('not_editable');
  });
});
