import type { App } from '@slack/bolt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { fileShared } from '../../src/events/file-shared.ts';
import type { Vault } from '../../src/vault/context.ts';
import { databases, empty } from '../catalog/databases.ts';
import { T0, TEAM } from '../catalog/samples.ts';

type Handler = (o: { event: unknown }) => Promise<void>;

describe.each(databases)('Slack says that a file was shared ($name)', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog.close());
  beforeEach(() => empty(catalog));

  async function told(event: unknown): Promise<void> {
    const handlers: Handler[] = [];
    const app = { event: (_: string, given: Handler) => void handlers.push(given) };
    const identity = { teamId: TEAM, botUserId: 'UBOT' };
    const policy = { maxFileBytes: 1_000, excludeTypes: new Set<string>() };
    const vault = { catalog, policy, identity, now: () => T0, wake: () => {}, people: { sawIn: () => {} } };
    fileShared(app as unknown as App, vault as unknown as Vault);
    for (const handler of handlers) await handler({ event });
  }
  const isKnown = async (fileId: string) => (await fileById(catalog, { teamId: TEAM, fileId })) !== undefined;

  test.each([
    ['as recorded', { file_id: 'F1', user_id: 'U1', file: { id: 'F1' }, channel_id: 'C1' }],
    ['without a moment', { file_id: 'F1', user_id: 'U1', channel_id: 'C1' }],
    ['without a person', { file_id: 'F1', channel_id: 'C1', event_ts: '1741600100.000200' }],
    ['with the id in its file only', { file: { id: 'F1' }, user_id: 'U1', channel_id: 'C1' }],
  ])('it is looked up: %s', async (_, event) => {
    await told(event);
    expect(await isKnown('F1')).toBe(true);
  });

  test('what the bot shares itself, and what has no place, is left alone', async () => {
    await told({ file_id: 'F1', user_id: 'UBOT', channel_id: 'C1' });
    await told({ file_id: 'F1', user_id: 'U1' });
    expect(await isKnown('F1')).toBe(false);
  });
});
