/** The workspace survives a restart, and a kill. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freshSlack, tempDir, webClient } from './start.ts';

test('ids, messages, files and Homes are there again; ephemeral messages are not', async () => {
  const dir = await tempDir();
  const before = await freshSlack({ dir });
  const anna = before.as('anna');
  const { ts, files } = await anna.share('general', { name: 'a.txt', content: 'bytes' }, { text: 'kept' });
  const web = webClient(before);
  const channel = before.workspace.channels.general ?? '';
  await web.chat.postMessage({ channel, thread_ts: ts, text: 'reply' });
  await web.reactions.add({ channel, timestamp: ts, name: 'eyes' });
  await web.chat.postEphemeral({ channel, user: anna.id, text: 'gone' });
  await web.views.publish({ user_id: anna.id, view: { type: 'home', blocks: [{ type: 'divider' }] } });
  anna.leave('random');
  const messages = anna.messages('general').filter(({ ephemeral }) => !ephemeral);
  const home = anna.homeView();
  await before.close();

  const after = await freshSlack({ dir });
  expect(after.workspace).toEqual(before.workspace);
  const again = after.as('anna');
  expect(again.messages('general')).toEqual(messages);
  expect(again.homeView()).toEqual(home);
  expect(again.workspace().channels.find(({ name }) => name === 'random')?.is_member).toBe(false);
  const { file } = await webClient(after).files.info({ file: files[0] ?? '' });
  const headers = { authorization: `Bearer ${after.app.botToken}` };
  expect(await (await fetch(file?.url_private ?? '', { headers })).text()).toBe('bytes');
  expect(again.post('general', 'next') > ts).toBe(true);
});

test('a kill -9 loses nothing that was answered', async () => {
  const dir = await tempDir();
  const server = fileURLToPath(new URL('../../../sandbox/slack/server.ts', import.meta.url));
  const script = `
    import { startSlack } from ${JSON.stringify(server)};
    const slack = await startSlack({ dir: ${JSON.stringify(dir)} });
    for (let at = 0; ; at += 1) {
      console.log(slack.as('anna').post('general', String(at)));
      await new Promise((resolve) => setImmediate(resolve));
    }
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line);
    if (told.length === 50) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  const slack = await freshSlack({ dir });
  const kept = slack
    .as('anna')
    .messages('general')
    .map(({ ts }) => ts);
  expect(kept).toEqual(expect.arrayContaining(told));
  expect(kept.length).toBeGreaterThanOrEqual(50);
});
