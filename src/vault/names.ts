import { setTimeout as sleep } from 'node:timers/promises';
import { channelNames, workspacesOfChannels } from '../catalog/files/channels.ts';
import type { SlackApi } from '../slack/api.ts';
import type { Vault } from './context.ts';

/** The plain names of people and channels, by their ids. */
export interface Named {
  people: ReadonlyMap<string, string>;
  channels: ReadonlyMap<string, string>;
  files?: ReadonlyMap<string, string>;
}

/** Names are a courtesy: nobody waits longer for them (ms). */
const PATIENCE_MS = 1_000;

/**
 * The names of these people as Slack shows them. A person whom Slack does not tell of in a second, or whose account is
 * closed, is left out.
 */
export async function namesOfPeople(
  { people }: Pick<Vault, 'people'>,
  userIds: Iterable<string | null>,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(userIds)].filter((id): id is string => id !== null && /^[UW][A-Z0-9]+$/.test(id));
  const found = new Map<string, string>();
  const enough = new AbortController();
  const asked = ids.map(async (id) => {
    const { name } = await people.person(id);
    if (name) found.set(id, name);
  });
  await Promise.race([
    Promise.allSettled(asked),
    sleep(PATIENCE_MS, undefined, { signal: enough.signal, ref: false }).catch(() => {}),
  ]);
  enough.abort();
  return new Map(found);
}

/**
 * The names of channels that the reader sees now; the caller must have asked for that right. Where two of them have the same
 * name, in two workspaces of an organisation, the workspace stands behind it.
 */
export async function namesOfChannels(
  {
    catalog,
    identity,
    slack,
  }: Pick<Vault, 'catalog' | 'identity'> & { slack?: Pick<SlackApi, 'workspaces'> },
  channelIds: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const { teamId, isOrganisation } = identity;
  const names = await channelNames(catalog, teamId, [...new Set(channelIds)]);
  if (isOrganisation !== true) return names;
  const alike = [...Map.groupBy(names, ([, name]) => name).values()].filter(({ length }) => length > 1);
  const ids = alike.flat().map(([channelId]) => channelId);
  if (ids.length === 0) return names;
  const places = await workspacesOfChannels(catalog, teamId, ids);
  const called = await slack?.workspaces?.names().catch(() => undefined);
  return new Map(
    [...names].map(([channelId, name]) => {
      const where = (places.get(channelId) ?? []).map((id) => called?.get(id) ?? id);
      return [channelId, where.length === 0 ? name : `${name} (${where.join(', ')})`];
    }),
  );
}

/** The names of these people, and of those of these channels that the reader sees now; a missing id has none. */
export async function namesShown(
  vault: Pick<Vault, 'catalog' | 'identity' | 'people' | 'rights'> & { slack?: Pick<SlackApi, 'workspaces'> },
  userId: string,
  { people, channels }: { people: Iterable<string | null>; channels: Iterable<string | null> },
): Promise<Named> {
  const seen = new Set(await vault.rights.visibleChannels(userId));
  const places = [...channels].filter((id): id is string => id !== null && seen.has(id));
  const [persons, shown] = await Promise.all([namesOfPeople(vault, people), namesOfChannels(vault, places)]);
  return { people: persons, channels: shown };
}
