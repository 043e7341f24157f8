import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { receive } from '../../src/capture/receive.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { channelById } from '../../src/catalog/files/channels.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { NO_OVERRIDES, saveOverrides } from '../../src/catalog/governance/rules.ts';
import type { Sighting } from '../../src/catalog/model.ts';
import { newsAmong } from '../../src/catalog/sweep/news.ts';
import { empty, openNewCatalog } from '../catalog/databases.ts';
import { sampleFile, sampleShare, sampleStub, T0, TEAM } from '../catalog/samples.ts';

let dataDir: string;
let catalog: Catalog;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-receive-'));
  catalog = await openNewCatalog(dataDir);
});
afterEach(async () => {
  await catalog.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const policy = { maxFileBytes: 1_000_000, excludeTypes: new Set<string>() };
const channel = { teamId: TEAM, channelId: 'C1', kind: 'public' as const, isMember: true, checkedAt: T0 };
const options = { teamId: TEAM, botUserId: 'UBOT', policy, now: T0, channel };
const seen = (uploaderId: string) => ({
  file: sampleFile('F1', { uploaderId }),
  share: sampleShare('C1', T0),
});

describe('receiving a message', () => {
  test('writes down the channel together with its files', async () => {
    expect(await receive(catalog, options, [seen('U1')])).toBe(1);
    expect(await channelById(catalog, TEAM, 'C1')).toMatchObject({ kind: 'public', isMember: true });
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F1' })).toMatchObject({ state: 'pending' });
  });

  test('writes down the channel, and no file, where the bot shared one itself', async () => {
    expect(await receive(catalog, options, [seen('UBOT')])).toBe(0);
    expect(await channelById(catalog, TEAM, 'C1')).toMatchObject({ kind: 'public', isMember: true });
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F1' })).toBeUndefined();
  });

  test('waits for the message of a file of which only its id is known, and less long once the message came', async () => {
    const dueAt = async () => (await fileById(catalog, { teamId: TEAM, fileId: 'F1' }))?.dueAt;
    const message = { file: sampleStub('F1'), share: sampleShare('C1', T0) };
    const alone = { ...message, share: { ...message.share, ts: null } };
    await receive(catalog, options, [alone]);
    const patient = (await dueAt()) as number;
    await receive(catalog, options, [message]);
    const prepared = (await dueAt()) as number;
    expect(prepared).toBeGreaterThan(T0);
    expect(patient).toBeGreaterThan(prepared);
    await receive(catalog, { ...options, now: T0 + 100 }, [alone, message]);
    expect(await dueAt()).toBe(prepared);
    await receive(catalog, { ...options, now: T0 + 200 }, [seen('U1')]);
    expect(await dueAt()).toBe(T0 + 200);
  });

  test('keeps what was said only where that is wanted: everywhere, or in this channel', async () => {
    const said = { author: 'U1', text: 'here it is', at: T0 };
    const facts = { altText: 'a house', transcript: 'spoken' };
    const told = { file: { ...seen('U1').file, facts }, share: { ...seen('U1').share, said } };
    const keptWith = async (text?: 'all' | 'words' | 'contents' | 'off') => {
      await empty(catalog);
      await receive(catalog, { ...options, policy: { ...policy, ...(text && { text }) } }, [told]);
      const words = await catalog.db.selectFrom('said').select('words').execute();
      const file = await fileById(catalog, { teamId: TEAM, fileId: 'F1' });
      return [words.map((row) => row.words).join(), Object.keys(file?.facts ?? {}).join()];
    };
    for (const text of ['all', 'words'] as const)
      expect(await keptWith(text)).toEqual(['here it is', 'altText,transcript']);
    for (const text of [undefined, 'contents', 'off'] as const)
      expect(await keptWith(text)).toEqual(['', 'transcript']);
    const own = { ...NO_OVERRIDES, text: 'words' as const };
    await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U1', now: T0 });
    await receive(catalog, { ...options, policy: { ...policy, text: 'off' as const } }, [told]);
    expect(await catalog.db.selectFrom('said').select('words').execute()).toEqual([{ words: 'here it is' }]);
  });

  test('where words are switched off, an edit takes away those from before, and they come back as they are then', async () => {
    const modeOf = (text: 'words' | 'off') => ({ ...options, policy: { ...policy, text } });
    const telling = (text: string, at: number) => {
      const [said, rootSaid] = [text, `thread: ${text}`].map((one) => ({ author: 'U1', text: one, at }));
      const share = { ...seen('U1').share, threadTs: '1.000000', said, rootSaid };
      return { file: seen('U1').file, share } as Sighting;
    };
    const tell = async (mode: 'words' | 'off', text: string, at: number) => {
      await receive(catalog, modeOf(mode), [telling(text, at)]);
      const rows = await catalog.db.selectFrom('said').select(['words', 'rootWords']).execute();
      return rows.flatMap((row) => [row.words, row.rootWords]);
    };
    expect(await tell('off', 'first', T0 + 9)).toEqual([]);
    expect(await tell('words', 'first', T0 + 9)).toEqual(['first', 'thread: first']);
    // No edit: it stays.
    expect(await tell('off', 'first', T0 + 9)).toEqual(['first', 'thread: first']);
    expect(await tell('off', 'second', T0 + 99)).toEqual(['', '']);
    const news = await newsAmong(catalog, { teamId: TEAM, channelId: 'C1' }, [telling('second', T0 + 99)]);
    expect(news).toHaveLength(1);
    expect(await tell('words', 'first', T0 + 9)).toEqual(['', '']);
    expect(await tell('words', 'second', T0 + 99)).toEqual(['second', 'thread: second']);
  });

  test('keeps nothing of it when part of it cannot be written', async () => {
    const broken = { ...channel, kind: null as never };
    await expect(receive(catalog, { ...options, channel: broken }, [seen('U1')])).rejects.toThrow(/NOT NULL/);
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F1' })).toBeUndefined();
  });
});
