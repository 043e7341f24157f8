// @slow: waits as long as Slack does.
/** A real Bolt app against the sandbox, unmodified, in both of its modes. */
import { createServer } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SandboxSlack } from '../../../sandbox/slack/server.ts';
import { freshSlack } from './start.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

type Mode = 'socket' | 'http';

/** Starts Bolt against a fresh sandbox; `listen` registers the listeners before it starts. */
async function boltApp(mode: Mode, listen: (app: App) => void): Promise<{ slack: SandboxSlack; app: App }> {
  const slack = await freshSlack();
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } };
  const { botToken, appToken, signingSecret } = slack.app;
  const common = { token: botToken, clientOptions, logLevel: LogLevel.ERROR };
  if (mode === 'socket') {
    const app = new App({ ...common, appToken, socketMode: true, installerOptions: { clientOptions } });
    listen(app);
    await app.start();
    onTestFinished(async () => void (await app.stop()));
    return { slack, app };
  }
  const port = await freePort();
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const app = new App({ ...common, receiver });
  listen(app);
  await receiver.start({ port, host: '127.0.0.1' } as never);
  onTestFinished(async () => void (await app.stop()));
  slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  return { slack, app };
}

describe.each<Mode>(['socket', 'http'])('Bolt over %s', (mode) => {
  test('a shared file arrives as an event, is downloaded, and is answered in its thread', async () => {
    const { slack } = await boltApp(mode, (app) => {
      app.event('message', async ({ event, client }) => {
        const [file] = 'files' in event ? (event.files ?? []) : [];
        if (file?.url_private_download === undefined) return;
        const headers = { authorization: `Bearer ${slack.app.botToken}` };
        const answer = await fetch(file.url_private_download, { headers });
        await client.chat.postMessage({
          channel: event.channel,
          thread_ts: event.ts,
          text: `Kept ${await answer.text()}`,
        });
      });
    });
    const anna = slack.as('anna');
    const { ts } = await anna.share('general', { name: 'note.txt', content: 'grüße' });
    const reply = await anna.waitFor(() => anna.messages('general').find((one) => one.thread_ts === ts));
    expect(reply).toMatchObject({ text: 'Kept grüße', user: slack.workspace.botUserId });
  });

  test('a command is answered for the asker only; its button changes that answer', async () => {
    const { slack } = await boltApp(mode, (app) => {
      app.command('/vault', async ({ ack, respond, command }) => {
        await ack();
        const button = {
          type: 'button',
          action_id: 'next',
          text: { type: 'plain_text', text: 'Next' },
          value: '2',
        };
        await respond({
          text: `You said ${command.text}`,
          blocks: [{ type: 'actions', elements: [button] } as never],
        });
      });
      app.action('next', async ({ ack, respond, action }) => {
        await ack();
        await respond({ replace_original: true, text: `Page ${'value' in action ? action.value : ''}` });
      });
    });
    const anna = slack.as('anna');
    await anna.command('general', '/vault list @ben');
    const answer = await anna.waitFor(() => anna.messages('general').at(-1));
    expect(answer).toMatchObject({
      ephemeral: true,
      text: `You said list <@${slack.workspace.people.ben}|ben>`,
    });
    expect(slack.as('ben').messages('general')).toEqual([]);
    await anna.action(answer, 'next');
    const changed = await anna.waitFor(() => anna.messages('general').find((one) => one.text === 'Page 2'));
    expect(changed.ts).toBe(answer.ts);
  });

  test('a shortcut opens a modal, its errors stay in it, and a good submission closes it', async () => {
    const { slack } = await boltApp(mode, (app) => {
      app.shortcut('open_vault', async ({ ack, client, shortcut }) => {
        await ack();
        await client.views.open({
          trigger_id: shortcut.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'search',
            title: { type: 'plain_text', text: 'Search' },
            submit: { type: 'plain_text', text: 'Go' },
            blocks: [
              {
                type: 'input',
                block_id: 'q',
                label: { type: 'plain_text', text: 'Name' },
                element: { type: 'plain_text_input', action_id: 'text' },
              },
            ],
          },
        });
      });
      app.view('search', async ({ ack, view }) => {
        if (view.state.values.q?.text?.value === 'good') return ack();
        await ack({ response_action: 'errors', errors: { q: 'Try good' } });
      });
    });
    const anna = slack.as('anna');
    await anna.shortcut('open_vault');
    const modal = await anna.waitFor(() => anna.modal());
    expect(modal.title?.text).toBe('Search');
    expect(await anna.submit(modal.id)).toEqual({ errors: { q: 'Please complete this required field.' } });
    const typed = (value: string) => ({ q: { text: { type: 'plain_text_input', value } } });
    expect(await anna.submit(modal.id, typed('bad'))).toEqual({ errors: { q: 'Try good' } });
    expect(anna.modal()?.id).toBe(modal.id);
    expect(await anna.submit(modal.id, typed('good'))).toEqual({});
    expect(anna.modal()).toBeUndefined();
  });

  test('opening the Home tab lets the app publish it', async () => {
    const { slack } = await boltApp(mode, (app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        const text = { type: 'mrkdwn' as const, text: 'Welcome home' };
        await client.views.publish({
          user_id: event.user,
          view: { type: 'home', blocks: [{ type: 'section', text }] },
        });
      });
    });
    const ben = slack.as('ben');
    ben.home();
    const view = await ben.waitFor(() => ben.homeView());
    expect(view.blocks[0]?.text.text).toBe('Welcome home');
    expect(slack.as('anna').homeView()).toBeUndefined();
  });

  test('a command that nobody acknowledges tells the person so', async () => {
    const { slack } = await boltApp(mode, () => {});
    await expect(slack.as('anna').command('general', '/vault list')).rejects.toThrow(
      mode === 'socket' ? 'operation_timeout' : /operation_timeout|http_client_error/,
    );
  });
});

test('Bolt survives a refresh of its sockets', async () => {
  const heard: string[] = [];
  const { slack } = await boltApp('socket', (app) => {
    app.event('message', async ({ event }) => void heard.push('text' in event ? (event.text ?? '') : ''));
  });
  const anna = slack.as('anna');
  slack.refreshSockets('warning', 50);
  await anna.waitFor(() => !anna.workspace().bot.connected);
  await anna.waitFor(() => anna.workspace().bot.connected);
  anna.post('general', 'still there?');
  await anna.waitFor(() => heard.includes('still there?'));
});
