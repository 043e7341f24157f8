import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type RightsWorld } from './rights-world.ts';

/** Uploaders of special kinds: from another organisation over Slack Connect, and removed from the channel since. */
describe('what an uploader may', () => {
  let world: RightsWorld;
  const files: Record<string, string> = {};

  beforeAll(async () => {
    world = await openWorld();
    for (const name of ['cora', 'rolf', 'uma']) {
      const file = { name: `of-${name}.pdf`, content: name };
      files[name] = (await world.vault.slack.as(name).share('cellar', file)).files[0] as string;
    }
    await world.stored(Object.values(files));
    world.vault.slack.as('rolf').leave('cellar');
    await world.vault.slack.deliveries.settled();
  });
  afterAll(() => world?.close());

  function click(who: string, action_id: string, value: string): Promise<string> {
    const lobby = world.channel('lobby');
    return world.send(({ responseUrl }) => ({
      team: { id: world.vault.slack.workspace.teamId },
      type: 'block_actions',
      user: { id: world.person(who) },
      container: { type: 'message', message_ts: '1.2', channel_id: lobby, is_ephemeral: true },
      channel: { id: lobby },
      trigger_id: 'T',
      response_url: responseUrl,
      actions: [{ type: 'button', block_id: 'b', action_ts: '1.2', action_id, value }],
    }));
  }

  const fileOf = (who: string) => files[who] as string;

  it('over Slack Connect: downloads, but deletes nothing of this vault', async () => {
    expect(await click('cora', 'download_file', fileOf('cora'))).toContain('X-Amz-Signature');
    expect(await click('cora', 'delete_file', fileOf('cora'))).toContain('Only the person who uploaded');
    expect(world.read(`select state as id from file where file_id = '${fileOf('cora')}'`)).toBe('stored');
  });

  it('removed from the channel: keeps their own file, and nothing else of the channel', async () => {
    expect(await click('rolf', 'download_file', fileOf('rolf'))).toContain('X-Amz-Signature');
    expect(await click('rolf', 'download_file', fileOf('uma'))).toContain('no such file');
    expect(await click('rolf', 'delete_file', fileOf('rolf'))).toContain('Deleted:');
  });

  it.each(['max', 'stan'])(
    '%s is in VAULT_ADMINS, but no full member: it counts for nothing',
    async (who) => {
      expect(await click(who, 'delete_file', fileOf('uma'))).toContain('Only the person who uploaded');
      expect(await click(who, 'hold_lift', 'x')).toContain('Only workspace admins');
      expect(await click(who, 'copy_key', fileOf('uma'))).not.toContain(world.channel('cellar'));
    },
  );

  it('nobody who deletes a held file learns of the hold from the answer or the log', async () => {
    await world.send(({ viewId }) => ({
      team: { id: world.vault.slack.workspace.teamId },
      type: 'view_submission',
      user: { id: world.person('vic') },
      trigger_id: 'T',
      view: {
        ...{ id: viewId, callback_id: 'hold_set', private_metadata: '{}', type: 'modal' },
        state: {
          values: {
            file: { value: { type: 'plain_text_input', value: fileOf('uma') } },
            reason: { value: { type: 'plain_text_input', value: 'a case' } },
          },
        },
      },
    }));
    expect(await click('uma', 'delete_file', fileOf('uma'))).toContain('can’t be deleted right now');
    expect(await click('vic', 'delete_file', fileOf('uma'))).toContain('on hold');
    expect(JSON.stringify(world.bot.log)).not.toMatch(/on hold|on_hold|legal hold/i);
  });
});
