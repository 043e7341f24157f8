import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor, encodeSought } from '../../src/blocks/kit/cursor.ts';
import { signed } from '../helpers/raw-http.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/**
 * Button values are not secrets: anybody who can send the app a payload can put anything into them. These payloads
 * are signed as Slack would sign them, and hold what no button of ours ever held.
 */
describe('forged and outdated clicks', () => {
  let vault: TestVault;
  let bot: Bot;
  let inbox: Server;
  let answers: Array<{ text: string; blocks: unknown[]; replace_original?: boolean }> = [];
  let secretFile: string;
  let openFile: string;

  beforeAll(async () => {
    vault = await startVault({ mode: 'http' });
    bot = await vault.startBot();
    inbox = createServer(async (request, response) => {
      answers.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
      response.end('ok');
    });
    await new Promise<void>((resolve) => inbox.listen(0, '127.0.0.1', resolve));
    const finance = await vault.slack
      .as('carla')
      .share('finance', { name: 'salaries.xlsx', content: 'secret' });
    const general = await vault.slack.as('anna').share('general', { name: 'menu.txt', content: 'soup' });
    secretFile = finance.files[0] as string;
    openFile = general.files[0] as string;
    await until('both files', async () => (await vault.s3.list(BUCKET)).length === 2);
  });
  afterAll(async () => {
    inbox?.close();
    await vault?.close();
  });

  const person = (name: string) => vault.slack.workspace.people[name] as string;
  const channel = (name: string) => vault.slack.workspace.channels[name] as string;

  async function click(
    who: string,
    action: Record<string, unknown>,
    where = 'general',
  ): Promise<(typeof answers)[number]> {
    answers = [];
    const payload = {
      type: 'block_actions',
      team: { id: vault.slack.workspace.teamId },
      user: { id: person(who), team_id: vault.slack.workspace.teamId },
      container: { type: 'message', message_ts: '1.2', channel_id: channel(where), is_ephemeral: true },
      channel: { id: channel(where) },
      trigger_id: 'expired',
      response_url: `http://127.0.0.1:${(inbox.address() as AddressInfo).port}/`,
      actions: [{ type: 'button', block_id: 'b', action_ts: '1.2', ...action }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const answer = await fetch(`http://127.0.0.1:${bot.port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...signed(body, { secret: 'test-signing-secret' }),
      },
      body,
    });
    expect(answer.status).toBe(200);
    return until('the answer', () => answers[0]);
  }

  it('a button from another version is answered kindly', async () => {
    const answer = await click('anna', { action_id: 'no_such_action', value: 'x' });
    expect(answer.text).toContain('outdated');
    expect(answer.replace_original).toBe(true);
  });

  const REFUSAL = 'There is no such file, or you can’t see it in Slack.';
  it.each([
    ['a private file by its id', () => secretFile],
    ['a file that does not exist', () => 'FNOSUCHFILE'],
    ['nonsense', () => "' or 1=1 --"],
    ['nothing', () => ''],
  ])('%s is neither shown, nor deleted, nor restored, nor retried', async (_, id) => {
    const clicked = ['download_file', 'delete_file', 'undo_delete', 'retry_file', 'find_restore', 'keep_end'];
    for (const action_id of clicked) {
      const answer = await click('ben', { action_id, value: id() });
      expect([action_id, answer.text]).toEqual([action_id, REFUSAL]);
    }
    const menu = await click('ben', {
      action_id: 'file_menu',
      type: 'overflow',
      selected_option: { value: `download:${id()}` },
    });
    expect(menu.text).toMatch(/There is no such file|outdated/);
    expect(JSON.stringify(answers)).not.toContain('salaries');
  });

  it('a version is given to nobody who may not see its file, nor one that there is not', async () => {
    for (const number of ['1', '2']) {
      const refused = await click('ben', { action_id: 'download_version', value: `${secretFile}:${number}` });
      expect(refused.text).toBe(REFUSAL);
    }
    const none = await click('ben', { action_id: 'download_version', value: `${openFile}:2` });
    expect(none.text).toContain('does not have this version');
    for (const value of [
      '',
      openFile,
      `${openFile}:`,
      `${openFile}:0`,
      `${openFile}:1e0`,
      `${openFile}:-1`,
      ':1',
    ]) {
      const answer = await click('ben', { action_id: 'download_version', value });
      expect([value, answer.text]).toEqual([value, expect.stringContaining('outdated')]);
    }
    const newest = await click('ben', { action_id: 'download_version', value: `${openFile}:1` });
    expect(JSON.stringify(newest.blocks)).toContain('X-Amz-Signature');
  });

  it('a page of a channel that the person is not in is refused, whatever the cursor says', async () => {
    const value = encodeCursor({
      channelId: channel('finance'),
      query: '',
      cursor: { direction: 'older', sharedAt: Date.now() + 1e6, fileId: 'Z' },
    });
    const refused = await click('ben', { action_id: 'list_older', value });
    expect(refused.text).toContain('only while you can see the channel');
    expect(JSON.stringify(refused)).not.toContain('salaries');
    const shown = await click('carla', { action_id: 'list_older', value });
    expect(JSON.stringify(shown)).toContain('salaries');
  });

  it('a menu of the find screen is believed in nothing: neither its channel nor what was chosen', async () => {
    const block_id = encodeSought('find', { channelId: channel('finance'), query: '' });
    const chosen = { type: 'static_select', selected_option: { value: 'any' } };
    const refused = await click('ben', { action_id: 'find_type', block_id, ...chosen });
    expect(refused.text).toContain('only while you can see the channel');
    expect(JSON.stringify(await click('carla', { action_id: 'find_type', block_id, ...chosen }))).toContain(
      'salaries',
    );

    const everywhere = encodeSought('find', { channelId: '', query: 'salaries' });
    for (const action of [
      { action_id: 'find_channel', selected_conversation: channel('finance') },
      { action_id: 'find_person', selected_user: person('carla') },
      { action_id: 'find_words', value: 'salaries' },
      { action_id: 'find_time', selected_option: { value: 'any' } },
    ]) {
      const answer = await click('ben', { block_id: everywhere, type: 'users_select', ...action });
      expect(JSON.stringify(answer)).toContain('No files found');
      expect(JSON.stringify(answer)).not.toContain('salaries.xlsx');
    }
    const nonsense = await click('ben', {
      block_id: everywhere,
      action_id: 'find_channel',
      selected_conversation: '*',
    });
    expect(nonsense.text).toContain('No files found');
    expect(
      (await click('ben', { block_id: 'find:AAAA', action_id: 'find_clear', value: 'x' })).text,
    ).toContain('outdated');
  });

  it('a page of everything holds only what the clicker may see, whoever it was made for', async () => {
    const cursor = { direction: 'older' as const, rank: 0, sharedAt: Date.now() + 1e6, fileId: 'Z' };
    const value = encodeCursor({ channelId: '', query: '', cursor });
    expect(JSON.stringify(await click('ben', { action_id: 'list_older', value }))).not.toContain('salaries');
    expect(JSON.stringify(await click('carla', { action_id: 'list_older', value }))).toContain('salaries');
  });

  it('a cursor that is none is answered kindly', async () => {
    expect((await click('ben', { action_id: 'list_older', value: 'AAAA' })).text).toContain('outdated');
  });

  it('somebody else’s file is not deleted, and a deletion is not undone by who may not', async () => {
    expect((await click('ben', { action_id: 'delete_file', value: openFile })).text).toContain(
      'Only the person who uploaded',
    );
    expect((await click('anna', { action_id: 'delete_file', value: openFile })).text).toContain('Deleted:');
    expect((await click('anna', { action_id: 'delete_file', value: openFile })).text).toContain(
      'in the trash already',
    );
    expect((await click('ben', { action_id: 'undo_delete', value: openFile })).text).toContain(
      'Only the person who uploaded',
    );
    expect((await click('gus', { action_id: 'download_file', value: openFile })).text).toContain(
      'nothing to download',
    );
    expect((await click('carla', { action_id: 'undo_delete', value: openFile })).text).toContain('Restored');
  });

  it('the process has not minded', () => {
    expect(bot.process.exitCode).toBeNull();
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
