import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { bookmarksToSet } from '../../src/catalog/governance/bookmarks.ts';
import { NO_OVERRIDES } from '../../src/catalog/governance/rules.ts';
import { SlackApiError } from '../../src/slack/api.ts';
import { mendBookmarks } from '../../src/vault/bookmark.ts';
import { changeRules } from '../../src/vault/rules.ts';
import { empty } from '../catalog/databases.ts';
import { TEAM } from '../catalog/samples.ts';
import { ADMIN, freshCatalog, worldOf } from './governed.ts';

describe('a “Files” bookmark that an admin switches on', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  async function world() {
    const slack = { refusal: null as string | null, asked: [] as string[] };
    const log = { info: () => {} } as never;
    const { vault } = await worldOf(catalog, {
      log,
      slack: (method) => {
        if (method === 'bots.info') return { bot: { app_id: 'A1' } };
        if (slack.refusal !== null) throw new SlackApiError(method, slack.refusal);
        slack.asked.push(method);
        return { bookmarks: [] };
      },
    });
    const save = (bookmark?: true) =>
      changeRules(vault, {
        ...{ userId: ADMIN, channelId: 'C1', isSure: false },
        own: { ...NO_OVERRIDES, ...(bookmark ? { bookmark } : {}) },
      });
    return { vault, slack, save };
  }
  const waiting = () => bookmarksToSet(catalog, TEAM);

  it('is set at once, and nothing is asked of Slack when it is saved again', async () => {
    const { slack, save } = await world();
    expect(await save(true)).toEqual({ isSaved: true, isChanged: true });
    expect(slack.asked).toEqual(['bookmarks.list', 'bookmarks.add', 'bookmarks.list']);
    expect(await save(true)).toEqual({ isSaved: true, isChanged: false });
    expect(slack.asked).toHaveLength(3);
    expect(await waiting()).toEqual([]);
  });

  it('switched off, it is taken away', async () => {
    const { save } = await world();
    await save(true);
    expect(await save()).toEqual({ isSaved: true, isChanged: true });
    expect(await waiting()).toEqual([]);
  });

  it.each([
    ['missing_scope', 'scope'],
    ['too_many_bookmarks', 'full'],
    ['permission_denied', 'denied'],
    ['channel_not_found', 'denied'],
    ['internal_error', 'later'],
  ])('after %s the admin is told, and it comes by itself later', async (code, bookmarkProblem) => {
    const { vault, slack, save } = await world();
    slack.refusal = code;
    expect(await save(true)).toEqual({ isSaved: true, isChanged: true, bookmarkProblem });
    expect(await waiting()).toEqual([{ channelId: 'C1', isWanted: true }]);
    slack.refusal = null;
    await mendBookmarks(vault);
    expect(slack.asked).toContain('bookmarks.add');
    expect(await waiting()).toEqual([]);
  });

  it('channels that never wanted one cause no question', async () => {
    const { vault, slack } = await world();
    await mendBookmarks(vault);
    expect(slack.asked).toEqual([]);
  });
});
