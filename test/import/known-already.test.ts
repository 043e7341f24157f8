import { describe, expect, it } from 'vitest';
import { sharesOf } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { found } from '../catalog/samples.ts';
import { TEAM } from './exports.ts';
import { AT, bytesOf, importStage } from './stage.ts';

const { stage, asFolder, zip, file, run } = importStage();

const OFFER = bytesOf('offer');
/** What Slack told of Anna's offer in #general. */
const slacks = (o: { name?: string; size?: number; uploaderId?: string; at?: number } = {}) => {
  const { name = 'offer.pdf', size = OFFER.length, uploaderId = 'U0ANNA', at = AT } = o;
  return found('F0REAL0001', 'C0GENERAL', at, { teamId: TEAM, name, size, uploaderId, url: null });
};
const tell = (...sightings: Array<ReturnType<typeof slacks>>) =>
  recordShares(stage.catalog, TEAM, sightings, AT);
const table = (line = `offer.pdf,C0GENERAL,anna,${new Date(AT).toISOString().slice(0, 16)}`) =>
  asFolder(
    new Map([
      ['files.csv', Buffer.from(`file,channel,person,time\n${line}`)],
      ['offer.pdf', OFFER],
    ]),
  );
const count = async () => (await stage.catalog.db.selectFrom('file').select('id').execute()).length;

describe('a file without an id of its own that the vault knows from Slack', () => {
  it('of a table is that file: the archive’s bytes complete it, and nothing doubles', async () => {
    await tell(slacks({ at: AT + 45_000 }));
    const path = await table();
    expect(await run(path, { teamId: TEAM, dryRun: true })).toMatchObject({ files: 1, recorded: 0 });
    expect(await run(path, { teamId: TEAM })).toMatchObject({ files: 1, recorded: 0, stored: 1 });
    expect(await run(path, { teamId: TEAM })).toMatchObject({ stored: 0, already: 1 });
    expect(await count()).toBe(1);
    expect(await file('F0REAL0001')).toMatchObject({ state: 'stored' });
    expect(await sharesOf(stage.catalog, { teamId: TEAM, fileId: 'F0REAL0001' })).toHaveLength(1);
  });

  it('of one person’s export is that file, too', async () => {
    await tell(slacks());
    const text = (people: string, id: string, lines: string[]) =>
      Buffer.from([`Private conversation between ${people}`, `Channel ID: ${id}`, '', ...lines].join('\n'));
    const shared = '[2023-05-01 12:00:00 UTC] <anna> shared a file: offer.pdf';
    const contents = new Map([
      ['dms/ben.txt', text('anna, ben', 'D0ANNABEN', [])],
      ['dms/cleo.txt', text('anna, cleo', 'D0ANNACLE', [])],
      ['channels/general.txt', Buffer.from(`Channel Name: #general\nChannel ID: C0GENERAL\n\n${shared}`)],
      ['files/offer.pdf', OFFER],
    ]);
    const path = await zip(contents);
    expect(await run(path, { teamId: TEAM })).toMatchObject({ files: 1, recorded: 0, stored: 1 });
    expect(await run(path, { teamId: TEAM })).toMatchObject({ files: 1, already: 1 });
    expect(await count()).toBe(1);
  });

  it.each([
    ['name', { name: 'offer 2.pdf' }],
    ['size', { size: 7 }],
    ['uploader', { uploaderId: 'U0BEN' }],
    ['time', { at: AT + 600_000 }],
  ])('is another file where its %s is another', async (_, other) => {
    await tell(slacks(other));
    expect(await run(await table(), { teamId: TEAM })).toMatchObject({ recorded: 1, stored: 1 });
    expect(await count()).toBe(2);
  });

  it('of two, is the one that was shared at that moment', async () => {
    const second = slacks({ at: AT + 90_000 });
    await tell(slacks(), { ...second, file: { ...second.file, fileId: 'F0REAL0002' } });
    await run(await table(`offer.pdf,C0GENERAL,anna,${new Date(AT + 89_000).toISOString()}`), {
      teamId: TEAM,
    });
    expect(await file('F0REAL0002')).toMatchObject({ state: 'stored' });
    expect(await file('F0REAL0001')).toMatchObject({ state: 'pending' });
  });

  it('is never two files of the archive: the second keeps a made id, and its bytes', async () => {
    await tell(slacks());
    const others = Buffer.from(OFFER).reverse();
    const when = new Date(AT).toISOString();
    const path = await asFolder(
      new Map([
        [
          'files.csv',
          Buffer.from(
            `file,channel,person,time\n${['a', 'b'].map((folder) => `${folder}/offer.pdf,C0GENERAL,anna,${when}`).join('\n')}`,
          ),
        ],
        ['a/offer.pdf', OFFER],
        ['b/offer.pdf', others],
      ]),
    );
    expect(await run(path, { teamId: TEAM })).toMatchObject({ files: 2, recorded: 1, stored: 2 });
    expect(await run(path, { teamId: TEAM })).toMatchObject({ recorded: 0, stored: 0, already: 2 });
    expect(await count()).toBe(2);
  });

  it('is another file where the vault has other bytes', async () => {
    await tell(slacks());
    expect(await run(await table(), { teamId: TEAM })).toMatchObject({ recorded: 0, stored: 1 });
    const others = new Map([
      [
        'files.csv',
        Buffer.from(`file,channel,person,time\noffer.pdf,C0GENERAL,anna,${new Date(AT).toISOString()}`),
      ],
      ['offer.pdf', Buffer.from(OFFER).reverse()],
    ]);
    expect(await run(await asFolder(others), { teamId: TEAM })).toMatchObject({ recorded: 1, stored: 1 });
    expect(await count()).toBe(2);
  });

  it('that came in before Slack told of it stays what it is', async () => {
    const path = await table();
    await run(path, { teamId: TEAM });
    await tell(slacks());
    expect(await run(path, { teamId: TEAM })).toMatchObject({ recorded: 0, stored: 0, already: 1 });
    expect(await count()).toBe(2);
  });
});
