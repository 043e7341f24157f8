import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { SlackApiError } from '../../src/slack/api.ts';
import { beginBackfill, stopBackfill } from '../../src/vault/backfill.ts';
import { empty } from '../catalog/databases.ts';
import { T0 } from '../catalog/samples.ts';
import { ADMIN, ANN, AUDITOR, EVE, freshCatalog, type World, worldOf } from './governed.ts';

describe('a backfill, for people', () => {
  let catalog: Catalog;
  let world: World;
  /** What Slack says of the channel; an error is thrown. */
  let channel: Record<string, unknown> | Error;
  let asked: string[];
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  beforeEach(async () => {
    channel = { is_member: true, created: 1_700_000_000 };
    asked = [];
    world = await worldOf(catalog, {
      slack(method) {
        asked.push(method);
        if (channel instanceof Error) throw channel;
        return { channel };
      },
    });
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const begin = (userId: string) => beginBackfill(world.vault, { userId, channelId: 'C1' });
  const stop = (userId: string, channelId: string | null = 'C1') =>
    stopBackfill(world.vault, { userId, channelId });

  it.each([ANN, AUDITOR, EVE])('%s, who is no admin, neither starts nor stops one', async (userId) => {
    await expect(begin(userId)).rejects.toMatchObject({ code: 'admins_only' });
    expect(asked).toEqual([]);
    await begin(ADMIN);
    await expect(stop(userId)).rejects.toMatchObject({ code: 'admins_only' });
    expect(await begin(ADMIN)).toMatchObject({ backfill: { state: 'walking', stoppedBy: null } });
  });

  it('an admin starts one, and is told how it goes when asking again', async () => {
    expect(await begin(ADMIN)).toEqual({ isNew: true, channelId: 'C1' });
    expect(await begin(ADMIN)).toMatchObject({
      isNew: false,
      now: T0,
      backfill: { channelId: 'C1', requestedBy: ADMIN, channelCreatedAt: 1_700_000_000_000 },
      files: { stored: 0, waiting: 0, failed: 0, skipped: {} },
    });
    await stop(ADMIN);
    expect(world.woken).toEqual(['all', 'all', 'all']);
  });

  it('nothing is started where the bot is not in the channel', async () => {
    for (const said of [{ is_member: false }, new SlackApiError('conversations.info', 'channel_not_found')]) {
      channel = said;
      await expect(begin(ADMIN)).rejects.toMatchObject({ code: 'not_in_channel' });
    }
    channel = new SlackApiError('conversations.info', 'internal_error');
    await expect(begin(ADMIN)).rejects.toBe(channel);
    await expect(stop(ADMIN)).rejects.toMatchObject({ code: 'not_running' });
  });

  it('a direct message with the bot needs no membership', async () => {
    channel = { is_member: false, is_im: true };
    expect(await begin(ADMIN)).toMatchObject({ isNew: true });
  });

  it('an admin is told when there is nothing to stop', async () => {
    await expect(stop(ADMIN)).rejects.toMatchObject({ code: 'not_running' });
    await expect(stop(ADMIN, null)).rejects.toMatchObject({ code: 'not_running' });
    expect(world.woken).toEqual([]);
  });
});
