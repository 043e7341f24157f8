import { describe, expect, it } from 'vitest';
import { channelById } from '../../src/catalog/files/channels.ts';
import { sharesOf } from '../../src/catalog/files/lookup.ts';
import { fileIdIn } from '../../src/import/entry-index.ts';
import { TEAM } from './exports.ts';
import { bytesOf, importStage } from './stage.ts';

const { stage, zip, file, run } = importStage();

const MOMENT = '[2023-05-01 12:00:00 UTC]';
const conversation = (head: string, lines: string[]) =>
  Buffer.from([...head.split('|'), '', 'Messages:', ...lines].join('\r\n'));
const WITH_BEN = 'Private conversation between anna, ben|Channel ID: D0ANNABEN';
const WITH_CLEO = 'Private conversation between cleo, anna|Channel ID: D0ANNACLE';

/** Anna's export, in which she and Ben wrote these lines to each other. */
function annas(lines: string[], files: Record<string, Buffer>) {
  return new Map([
    ['my export/dms/ben.txt', conversation(WITH_BEN, lines)],
    ['my export/dms/cleo.txt', conversation(WITH_CLEO, [])],
    ...Object.entries(files).map(([name, bytes]) => [`my export/files/${name}`, bytes] as const),
  ]);
}

const channelsOf = async (fileId: string) =>
  (await sharesOf(stage.catalog, { teamId: TEAM, fileId })).map(({ channelId }) => channelId);

describe('a line in a text that reads like a share', () => {
  const SALARY = { 'F0SALARY01-salary.pdf': bytesOf('s'), 'letter.pdf': bytesOf('l') };

  it('places a file of whose export it is', async () => {
    await run(await zip(annas([`${MOMENT} anna shared file(s) F0SALARY01 with text: here`], SALARY)), {
      teamId: TEAM,
    });
    expect(await file('F0SALARY01')).toMatchObject({ uploaderId: 'U0ANNA', channelId: 'D0ANNABEN' });
    expect(await channelById(stage.catalog, TEAM, 'D0ANNABEN')).toMatchObject({
      ...{ kind: 'im', imUserId: 'U0ANNA', imOtherId: 'U0BEN' },
    });
  });

  it.each([
    ['by somebody else, with the name', `${MOMENT} <ben> shared a file: letter.pdf`],
    ['by somebody else, with the id', `${MOMENT} ben shared file(s) F0SALARY01 with text: mine`],
    ['in a later line of a message', `  ${MOMENT} <anna> shared a file: letter.pdf`],
    ['of a name that several files have', `${MOMENT} <anna> shared a file: twice.pdf`],
  ])('%s places nothing, and everything comes in', async (_, line) => {
    const twice = { 'a/twice.pdf': bytesOf('1'), 'b/twice.pdf': bytesOf('2') };
    const report = await run(await zip(annas([line], { ...SALARY, ...twice })), { teamId: TEAM });
    expect(report).toMatchObject({ files: 4, stored: 4, problems: {} });
    expect(Object.keys(report.byChannel)).toEqual(['(not said where)']);
    expect(await file('F0SALARY01')).toMatchObject({ uploaderId: null });
  });

  it.each([
    ['of the same message', [`${MOMENT} ben: look`, 'at this', `${MOMENT} anna shared file(s) F0SALARY01`]],
    ['of another one', [`${MOMENT} anna shared file(s) F0SALARY01`, `${MOMENT} ben: first`, 'second']],
  ])('places nothing where later lines are not indented, as any line may be one %s', async (_, lines) => {
    const report = await run(await zip(annas(lines, SALARY)), { teamId: TEAM });
    expect(report).toMatchObject({ files: 2, stored: 2, problems: { open_text: { count: 1 } } });
    expect(Object.keys(report.byChannel)).toEqual(['(not said where)']);
    expect(await file('F0SALARY01')).toMatchObject({ uploaderId: null });
  });

  it('places a file though days, reactions and later lines stand between', async () => {
    const lines = ['---- 2023-05-01 ----', `${MOMENT} ben: first`, '    second', '', '    :tada: anna'];
    const shared = `${MOMENT} anna shared file(s) F0SALARY01 with text: here`;
    const report = await run(await zip(annas([...lines, shared], SALARY)), { teamId: TEAM });
    expect(report).toMatchObject({ stored: 2, problems: {} });
    expect(await channelsOf('F0SALARY01')).toEqual(['D0ANNABEN']);
  });

  it('places nothing that the archive does not have, though Slack is asked for it', async () => {
    const line = `${MOMENT} anna shared file(s) F0OTHERS01 with text: here`;
    expect(await run(await zip(annas([line], SALARY)), { teamId: TEAM })).toMatchObject({ waits: 1 });
    expect(await channelsOf('F0OTHERS01')).toEqual([expect.stringMatching(/^X/)]);
  });

  it('places nothing where two people may have made the export', async () => {
    const contents = annas([`${MOMENT} anna shared file(s) F0SALARY01`], SALARY);
    contents.delete('my export/dms/cleo.txt');
    await run(await zip(contents), { teamId: TEAM });
    expect(await file('F0SALARY01')).toMatchObject({ uploaderId: null });
    expect(await channelsOf('F0SALARY01')).toEqual([expect.stringMatching(/^X/)]);
  });
});

describe('a name in an export of one person', () => {
  it('that begins with a word in capitals has no id', () => {
    for (const name of ['FRAGEBOGEN_Anna.pdf', 'FRAGEBOGEN-Ben.pdf', 'my FORMULARE 2.pdf'])
      expect(fileIdIn(`files/${name}`)).toBeNull();
    expect(fileIdIn('files/F0SALARY01-a.pdf')).toBe('F0SALARY01');
    expect(fileIdIn('general/attachments/FABCDEFGH-a.pdf')).toBe('FABCDEFGH');
  });

  it('that shares an id with another file: both come in, and it is told', async () => {
    const files = {
      'FORMULAR2023_Anna.pdf': bytesOf('a'),
      'FORMULAR2023_Ben.pdf': bytesOf('b'),
      // The same file twice is one file.
      'F0TWICE001-a.pdf': bytesOf('t'),
      'copy/F0TWICE001-a.pdf': bytesOf('t'),
    };
    const report = await run(await zip(annas([], files)), { teamId: TEAM });
    expect(report).toMatchObject({ files: 3, stored: 3, problems: { same_id: { count: 2 } } });
    expect(await file('FORMULAR2023')).toBeUndefined();
    expect(await file('F0TWICE001')).toMatchObject({ state: 'stored' });
  });

  it('keeps files apart that no message tells, by their name and bytes', async () => {
    const files = {
      ...{ 'offer.pdf': bytesOf('o'), '2020/loose.txt': bytesOf('l'), 'again/loose.txt': bytesOf('l') },
      'other/loose.txt': bytesOf('another'),
    };
    const report = await run(await zip(annas([`${MOMENT} <anna> shared a file: offer.pdf`], files)), {
      teamId: TEAM,
    });
    expect(report).toMatchObject({ files: 3, stored: 3, problems: {} });
    expect((await stage.target.keys()).filter((key) => key.includes('D0ANNABEN'))).toHaveLength(1);
  });
});
