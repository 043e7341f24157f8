import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { upsertChannel } from '../../src/catalog/files/channels.ts';
import type { Identity } from '../../src/slack/identity.ts';
import type { Workspaces } from '../../src/slack/workspaces.ts';
import { namesOfChannels } from '../../src/vault/names.ts';
import { databases } from '../catalog/databases.ts';

const [sqlite] = databases;
const CHANNELS = {
  C1: ['general', 'T1'],
  C2: ['general', 'T2'],
  C3: ['general', 'T1 T9'],
  C4: ['design', 'T1'],
} as const;
const NAMES = new Map([
  ['T1', 'East'],
  ['T2', 'West'],
]);

let catalog: Catalog;
beforeAll(async () => {
  catalog = await (sqlite as (typeof databases)[number]).fresh();
  for (const [channelId, [name, workspaces]] of Object.entries(CHANNELS))
    await upsertChannel(catalog, { teamId: 'E1', channelId, kind: 'public', name, workspaces });
});
afterAll(() => catalog.close());

const named = async (ids: string[], isOrganisation = true) => {
  const identity = { teamId: 'E1', ...(isOrganisation ? { isOrganisation } : {}) } as Identity;
  const workspaces = { names: async () => NAMES } as unknown as Workspaces;
  return Object.fromEntries(await namesOfChannels({ catalog, identity, slack: { workspaces } }, ids));
};

it('channels of one name are told apart by their workspaces, if the reader sees more than one', async () => {
  expect(await named(['C1', 'C2', 'C4'])).toEqual({
    C1: 'general (East)',
    C2: 'general (West)',
    C4: 'design',
  });
  expect(await named(['C1', 'C3'])).toEqual({ C1: 'general (East)', C3: 'general (East, T9)' });
});

it('else the name says enough, and nothing of channels that the reader does not see', async () => {
  expect(await named(['C1', 'C4'])).toEqual({ C1: 'general', C4: 'design' });
  expect(await named(['C1', 'C2'], false)).toEqual({ C1: 'general', C2: 'general' });
});
