import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '@slack/bolt';
import { expect, test } from 'vitest';
import { memberJoinedChannel } from '../../src/events/member-joined-channel.ts';
import type { Vault } from '../../src/vault/context.ts';
import { openNewCatalog } from '../catalog/databases.ts';

const NOW = 1_700_000_000_000;

test('a person who joined just now counts as a member; for an old event Slack is asked', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-joined-'));
  const catalog = await openNewCatalog(dataDir);
  const heard: string[] = [];
  const people = {
    forgetPerson: () => {},
    joined: (user: string) => heard.push(`joined ${user}`),
    sawIn: (user: string) => heard.push(`look for ${user}`),
  };
  const identity = { teamId: 'T1', botUserId: 'U0BOT' };
  const vault = { catalog, people, identity, now: () => NOW, wake: () => {} } as unknown as Vault;
  let handler = async (_: { event: unknown }) => {};
  const app = { event: (_: string, given: typeof handler) => (handler = given) } as unknown as App;
  memberJoinedChannel(app, vault);
  try {
    for (const [user, event_ts] of [
      ['U1', `${NOW / 1_000 - 9}.000100`],
      ['U2', `${NOW / 1_000 - 60}.000100`],
      ['U3', undefined],
    ])
      await handler({ event: { user, channel: 'C1', channel_type: 'C', event_ts } });
    expect(heard).toEqual(['joined U1', 'look for U2', 'look for U3']);
  } finally {
    await catalog.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
