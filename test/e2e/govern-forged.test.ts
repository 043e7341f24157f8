import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeButtonValue } from '../../src/blocks/kit/button-value.ts';
import { signed } from '../helpers/raw-http.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** Clicks and submissions, signed as Slack would sign them, with what no button or modal of ours ever held. */
describe('forged clicks on what governs', () => {
  let vault: TestVault;
  let bot: Bot;
  let inbox: Server;
  let answers: Array<{ text: string; blocks: unknown[] }> = [];
  let secretFile: string;

  beforeAll(async () => {
    vault = await startVault({ mode: 'http' });
    const ben = vault.slack.workspace.people.ben as string;
    bot = await vault.startBot({ VAULT_ADMINS: ben });
    inbox = createServer(async (request, response) => {
      answers.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
      response.end('ok');
    });
    await new Promise<void>((resolve) => inbox.listen(0, '127.0.0.1', resolve));
    const { files } = await vault.slack
      .as('carla')
      .share('finance', { name: 'salaries.xlsx', content: 'secret' });
    secretFile = files[0] as string;
    await until('the file', async () => (await vault.s3.list(BUCKET)).length === 1);
  });
  afterAll(async () => {
    inbox?.close();
    await vault?.close();
  });

  const person = (name: string) => vault.slack.workspace.people[name] as string;
  const channel = (name: string) => vault.slack.workspace.channels[name] as string;

  async function send(payload: Record<string, unknown>): Promise<Response> {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    return fetch(`http://127.0.0.1:${bot.port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...signed(body, { secret: 'test-signing-secret' }),
      },
      body,
    });
  }

  const from = (who: string) => ({
    team: { id: vault.slack.workspace.teamId },
    user: { id: person(who), team_id: vault.slack.workspace.teamId },
    trigger_id: 'expired',
  });

  async function click(who: string, action: Record<string, unknown>): Promise<string> {
    answers = [];
    const answer = await send({
      ...from(who),
      type: 'block_actions',
      container: { type: 'message', message_ts: '1.2', channel_id: channel('general'), is_ephemeral: true },
      channel: { id: channel('general') },
      response_url: `http://127.0.0.1:${(inbox.address() as AddressInfo).port}/`,
      actions: [{ type: 'button', block_id: 'b', action_ts: '1.2', ...action }],
    });
    expect(answer.status).toBe(200);
    return JSON.stringify(await until('the answer', () => answers[0]));
  }

  /** Submits a modal that was never opened: what it would do must not happen, whatever it says. */
  async function submit(
    who: string,
    callback_id: string,
    metadata: unknown,
    values: object = {},
  ): Promise<void> {
    const answer = await send({
      ...from(who),
      type: 'view_submission',
      view: {
        ...{ id: 'VFORGED', type: 'modal', callback_id, blocks: [], state: { values } },
        private_metadata: JSON.stringify(metadata),
      },
    });
    expect(answer.status).toBe(200);
  }

  const page = () => encodeButtonValue(channel('finance'));

  it.each([
    ['the trash of a channel that the person is not in', 'ben', 'trash_newest', page, 'while you can see'],
    [
      'the audit log',
      'anna',
      'audit_csv',
      () => encodeButtonValue(channel('general'), ''),
      'Only workspace admins',
    ],
    [
      'a page of the audit log',
      'gus',
      'audit_older',
      () => encodeButtonValue('C1', '', 9e15, 9),
      'Only workspace admins',
    ],
    ['the end of a hold', 'anna', 'hold_lift', () => 'x', 'Only workspace admins'],
    ['somebody’s export', 'anna', 'export_link', () => 'x', 'no such export'],
    ['a private file from the trash', 'gus', 'trash_restore', () => secretFile, 'no such file'],
    ['nonsense for a page', 'ben', 'trash_older', () => 'AAAA', 'outdated'],
    ['nothing ticked', 'anna', 'delete_several', () => 'ticked', 'Tick at least one'],
  ])('%s is not had by a forged click', async (_, who, action_id, value, refusal) => {
    const answer = await click(who, { action_id, value: value() });
    expect(answer).toContain(refusal);
    expect(answer).not.toContain('salaries');
  });

  it('what VAULT_ADMINS may is what admins may', async () => {
    expect(
      await click('ben', { action_id: 'audit_older', value: encodeButtonValue('C1', '', 9e15, 9) }),
    ).toContain(' · saved · ');
    expect(await click('ben', { action_id: 'hold_lift', value: 'x' })).toContain('This hold is over');
  });

  it('submissions of modals that nobody opened change nothing for who may not', async () => {
    const own = {
      ...{ capture: false, confirm: null, excludeTypes: null, maxFileBytes: null },
      ...{ retentionDays: 1, onSlackDelete: null },
    };
    const typed = { typed: { value: { type: 'plain_text_input', value: 'DELETE' } } };
    const everything = {
      person: { value: { selected_user: person('anna') } },
      reason: { value: { value: 'mine' } },
    };
    for (const who of ['anna', 'gus']) {
      await submit(who, 'rules_sure', { channelId: channel('general'), own });
      await submit(who, 'rules_save', { channelId: channel('general') }, { days: { value: { value: '1' } } });
      await submit(who, 'hold_set', {}, everything);
      await submit(who, 'purge_confirm', { fileId: secretFile, name: 'salaries.xlsx' }, typed);
      await submit(who, 'delete_several_confirm', { fileIds: [secretFile], channelId: channel('general') });
    }
    // An admin of the vault who is not in the private channel may not change that either.
    await submit('ben', 'rules_sure', { channelId: channel('finance'), own });
    for (const bad of [
      null,
      'x',
      [],
      { channelId: 1 },
      { channelId: channel('general'), own: { days: 1 } },
    ]) {
      for (const id of ['rules_sure', 'rules_save', 'purge_confirm', 'delete_several_confirm'])
        await submit('ben', id, bad);
    }
    await until('all of them answered', () => {
      const refused = bot.log.filter(({ msg }) => msg === 'a click failed');
      return refused.length >= 31;
    });
    const carla = vault.slack.as('carla');
    const answered = async (where: string, line: string) => {
      const ephemeral = () => carla.messages(where).filter((message) => message.ephemeral);
      const before = ephemeral().length;
      await carla.command(where, line);
      return JSON.stringify(await carla.waitFor(() => ephemeral().slice(before).at(-1)));
    };
    expect(await answered('general', '/vault hold')).toContain('Nothing is on hold');
    expect(await answered('general', '/vault channel')).toContain('Nothing is set for this channel alone');
    expect(await answered('finance', '/vault channel')).toContain('Nothing is set for this channel alone');
    expect(await answered('finance', '/vault list')).toContain('salaries.xlsx');
    expect(await answered('finance', '/vault audit action:rules')).toContain('No entry matches');
  });

  it('an export is refused to who has left the channel meanwhile', async () => {
    const carla = vault.slack.as('carla');
    const anna = vault.slack.as('anna');
    await anna.command('finance', '/vault export');
    await until('the export', async () =>
      (await vault.s3.list(BUCKET)).some(({ key }) => key.includes('exports')),
    );
    const ready = await anna.waitFor(() =>
      anna.messages('finance').find((message) => JSON.stringify(message).includes('export_link')),
    );
    const exportId = /"value":"([0-9a-f-]{36})"/.exec(JSON.stringify(ready.blocks))?.[1] as string;
    expect(await click('carla', { action_id: 'export_link', value: exportId })).toContain('no such export');
    expect(await click('anna', { action_id: 'export_link', value: exportId })).toContain('X-Amz-Signature');
    anna.leave('finance');
    await until('the refusal', async () =>
      (await click('anna', { action_id: 'export_link', value: exportId })).includes('no such export'),
    );
    expect(carla.messages('finance').some((message) => JSON.stringify(message).includes('X-Amz'))).toBe(
      false,
    );
  });

  it('the process has not minded', () => {
    expect(bot.process.exitCode).toBeNull();
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
