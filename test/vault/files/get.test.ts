import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import { getFile } from '../../../src/vault/files/get.ts';
import { makeLink } from '../../../src/vault/files/link.ts';
import { objectAddress } from '../../../src/vault/files/object-address.ts';
import { TEAM } from '../../catalog/samples.ts';
import { ADMIN, ANNA, BEN, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA, ADMIN]);
  await world.share('F1', 'G1', { name: 'budget.pdf' });
  await world.share('F2', 'G1', { name: 'budget old.pdf' });
  await world.share('F3', 'G1', { name: 'film.mov', skip: 'too_large' });
});

const linksOf = async (fileId: string) =>
  (await auditOf(world.catalog, { teamId: TEAM, fileId }, 10, []))
    .filter(({ action }) => action === 'link')
    .map(({ actorId, channelId, detail }) => ({ actorId, channelId, ...detail }));

describe('a link', () => {
  const link = () => makeLink(world.vault, { userId: ANNA, channelId: 'G1', fileId: 'F1' });
  const xml = (code: string, message = code) =>
    `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

  it.each([
    ['archived', 403, xml('InvalidObjectState'), 'bring it back'],
    ['closed_in_bucket', 403, xml('AccessDenied', 'not authorized to perform: kms:Decrypt'), 'read'],
    ['gone_from_bucket', 404, xml('NoSuchKey'), 'no longer'],
  ])('that would show an error page of the store’s is not given: %s', async (code, status, body, word) => {
    Object.assign(world.bucketSays, { status, body });
    await expect(link()).rejects.toMatchObject({ code, message: expect.stringContaining(word) });
    expect(await linksOf('F1')).toEqual([]);
  });

  it.each([416, 503])('is given when the store says nothing of the object (%s)', async (status) => {
    Object.assign(world.bucketSays, { status, body: '' });
    expect(await link()).toMatchObject({ minutes: 5 });
  });
});

describe('one file by its name or id', () => {
  const get = (userId: string, query: string) =>
    getFile(world.vault, { userId, channelId: 'G1', query, limit: 10 });

  it('comes with a link, which is written down', async () => {
    const got = await get(ANNA, ' budget.pdf ');
    expect(got).toMatchObject({ kind: 'link', file: { fileId: 'F1' }, minutes: 5 });
    expect(await linksOf('F1')).toEqual([{ actorId: ANNA, channelId: 'G1', minutes: 5 }]);
  });

  it('is not given at once when only what was said with it has the words', async () => {
    await world.share('F4', 'G1', { name: 'list.pdf', said: 'the prices of Kiel' });
    const vault = { ...world.vault, policy: { ...world.vault.policy, text: 'words' as const } };
    const got = await getFile(vault, { userId: ANNA, channelId: 'G1', query: 'prices Kiel', limit: 10 });
    expect(got).toMatchObject({ kind: 'page', page: { page: { files: [{ fileId: 'F4' }] } } });
    expect(await linksOf('F4')).toEqual([]);
  });

  it('is chosen from a page when several files match, or none', async () => {
    const several = await get(ANNA, 'budget');
    expect(several).toMatchObject({ kind: 'page', page: { channelId: '' } });
    expect(several.kind === 'page' && several.page.page.files.length).toBe(2);
    expect(await get(BEN, 'budget.pdf')).toMatchObject({ kind: 'page', page: { page: { files: [] } } });
    expect(await linksOf('F1')).toEqual([]);
  });

  it('that is not kept comes with what its channel takes', async () => {
    const got = await get(ANNA, 'film.mov');
    expect(got).toMatchObject({ kind: 'not_stored', file: { fileId: 'F3' }, maxBytes: 1_000_000 });
  });

  it('has to be named', async () => {
    await expect(get(ANNA, '  ')).rejects.toMatchObject({ code: 'which_file' });
  });
});

describe('a link', () => {
  const link = (userId: string, fileId: string, version?: number) =>
    makeLink(world.vault, { userId, channelId: null, fileId, version });

  it('is for people who may see the file, and is written down', async () => {
    const { url, minutes } = await link(ADMIN, 'F1');
    expect([new URL(url).searchParams.get('X-Amz-Expires'), minutes]).toEqual(['300', 5]);
    expect(await linksOf('F1')).toEqual([{ actorId: ADMIN, channelId: null, minutes: 5 }]);
  });

  it.each([
    ['of a file that this person may not see', BEN, 'F1', undefined, 'no_such_file'],
    ['of a file that is not there', ANNA, 'F9', undefined, 'no_such_file'],
    ['of a file that the vault does not hold', ANNA, 'F3', undefined, 'not_stored'],
    ['of a version that there never was', ANNA, 'F1', 7, 'no_such_version'],
  ])('%s is refused, and no link is written down', async (_, userId, fileId, version, code) => {
    await expect(link(userId, fileId, version)).rejects.toMatchObject({ code });
    expect(await linksOf(fileId)).toEqual([]);
  });
});

describe('where a file lies in the bucket', () => {
  const place = (userId: string) => objectAddress(world.vault, { userId, fileId: 'F1' });

  it('is for admins who may see the file', async () => {
    expect(await place(ADMIN)).toMatchObject({ bucket: 'the-bucket', file: { objectKey: 'vault/F1' } });
    await expect(place(ANNA)).rejects.toMatchObject({ code: 'admins_only' });
    await expect(place(BEN)).rejects.toMatchObject({ code: 'no_such_file' });
    await world.channel('G1', [ANNA]);
    await expect(place(ADMIN)).rejects.toMatchObject({ code: 'no_such_file' });
  });
});
