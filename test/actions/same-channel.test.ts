import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Click } from '../../src/actions/click.ts';
import { sameChannel } from '../../src/actions/same-channel.ts';
import { alertMessage } from '../../src/blocks/alert.ts';
import { type Alert, openAlerts, raiseAlert } from '../../src/catalog/alerts/alerts.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { channelsOfFile } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import type { Vault } from '../../src/vault/context.ts';
import { databases } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';

const renewed: Alert = { kind: 'renewed', from: 'G1', to: 'C9', name: '<!channel> *secret*' };

describe.each(databases)('It is the same channel, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
    await recordShares(catalog, TEAM, [found('F1', 'G1', T0)], T0);
    await raiseAlert(catalog, TEAM, renewed, T0);
  });
  afterEach(() => catalog.close());

  async function click(value: string, isAdmin = true): Promise<string[]> {
    const shown: string[] = [];
    const vault = {
      catalog,
      identity: { teamId: TEAM },
      rights: { isAdmin: async () => isAdmin },
      people: { forgetChannel: () => {} },
      log: { info: () => {} },
      wake: () => {},
      now: () => T0 + 1,
    } as unknown as Vault;
    const show = async ({ text }: { text: string }) => void shown.push(text);
    await sameChannel.run(vault, { userId: 'U1', value, show } as unknown as Click);
    return shown;
  }
  const places = () => channelsOfFile(catalog, { teamId: TEAM, fileId: 'F1' });

  it('moves what the vault asked about, once', async () => {
    expect(await click('G1 C9')).toEqual(['The older files belong to <#C9> now.']);
    expect([await places(), await openAlerts(catalog, TEAM)]).toEqual([['C9'], []]);
    await expect(click('G1 C9')).rejects.toMatchObject({ code: 'not_asked' });
  });

  it('is for admins alone', async () => {
    await expect(click('G1 C9', false)).rejects.toMatchObject({ code: 'admins_only' });
    expect(await places()).toEqual(['G1']);
  });

  it.each(['G1 C1', 'C9 G1', 'G1', '', ' ', 'G1 C9; drop table file', 'G1  C9', '../ ..'])(
    'refuses what nobody was asked about (%j)',
    async (value) => {
      await expect(click(value)).rejects.toMatchObject({ code: 'not_asked' });
      expect(await places()).toEqual(['G1']);
    },
  );

  it('is a button in the admins’ message until somebody answers', async () => {
    const [open] = await openAlerts(catalog, TEAM);
    if (open === undefined) throw new Error('no alert');
    const message = JSON.stringify(alertMessage({ alerts: [open] }));
    expect(message).toContain('"action_id":"same_channel"');
    expect(message).toContain('"value":"G1 C9"');
    expect(message).not.toContain('<!channel>');
    const settled = JSON.stringify(alertMessage({ alerts: [{ ...open, clearedAt: T0 + 1 }] }));
    expect(settled).not.toContain('same_channel');
  });
});
