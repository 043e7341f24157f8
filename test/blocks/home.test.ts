import { describe, expect, it } from 'vitest';
import { homeView } from '../../src/blocks/home.ts';
import { admin, DAY, file, homeInput, listed, NOW, notStored } from './samples.ts';
import { expectScreenView, wordsOf } from './snapshot.ts';

const storing = file({
  ...notStored,
  fileId: 'F0MOV',
  name: 'keynote.mov',
  state: 'storing',
  size: 157_286_400,
});
const failed = file({
  ...notStored,
  fileId: 'F0BAD',
  name: 'notes.txt',
  filetype: 'text',
  state: 'failed',
  errorCode: 'bucket_unreachable',
  errorText: 'connect ECONNREFUSED 10.0.0.1:9000',
  dueAt: NOW + DAY,
});
const well = { ...admin, alerts: [], failed: 0, waiting: 0 };
const linesOf = (view: unknown) => wordsOf(view).split('\n');

describe('App Home', () => {
  it('shows a new vault the way to the first file', async () => {
    await expectScreenView('home-new', homeView(homeInput()));
  });

  it('shows what is wrong first, then the card for admins, then files', async () => {
    const view = homeView(
      homeInput({
        stored: { files: 1204, bytes: 3_650_722_202 },
        own: { files: 17, bytes: 81_000_000 },
        onTheWay: { files: [storing], total: 1 },
        failures: { files: [failed], total: 3 },
        notSaved: ['C0RANDOM'],
        recent: [
          listed(),
          listed({ fileId: 'F2', listedChannelId: 'C0DESIGN', name: 'logo.svg', filetype: 'svg' }),
          listed({ fileId: 'F3', name: 'old.pdf', listedAt: NOW - 30 * DAY }),
        ],
        mayDelete: (it) => it.fileId === 'F2',
        admin,
      }),
    );
    await expectScreenView('home', view);
    const said = wordsOf(view);
    expect(said).not.toContain('10.0.0.1');
    const order = [
      'I am not in',
      'need',
      'Find files',
      'This week*',
      'logo.svg',
      'Earlier',
      'old.pdf',
      'On its way',
    ];
    expect(order.map((part) => said.indexOf(part))).toEqual(
      order.map((part) => said.indexOf(part)).sort((a, b) => a - b),
    );
  });

  it('says in one line that all is well', () => {
    expect(linesOf(homeView(homeInput({ admin: well })))).toContain(
      ':white_check_mark: All well · 3 of 9 public channels saved · private channels count once I am invited',
    );
  });

  it.each([
    ['an alert', { admin }],
    ['a bucket that is away', { admin: well, bucketAwaySince: NOW }],
    ['files that fail', { admin: { ...well, failed: 2 } }],
    ['a channel that I am not in', { admin: well, notSaved: ['C0RANDOM'] }],
  ])('does not say that all is well with %s', (_, given) => {
    const said = wordsOf(homeView(homeInput(given)));
    expect(said).not.toContain('All well');
    expect(said).toMatch(/needs? a hand/);
  });

  it('tells admins once of a channel that I am not in: with Join, if they have it', () => {
    const others = ['C0RANDOM'];
    const said = (mayJoin: boolean) =>
      wordsOf(
        homeView(
          homeInput({
            admin: { ...well, channels: { ...well.channels, others, mayJoin } },
            notSaved: ['C0RANDOM', 'C0SECRET'],
          }),
        ),
      );
    expect(said(true)).toContain('I am not in <#C0SECRET>, so');
    expect(said(true)).toContain('1 thing needs a hand');
    expect(said(false)).toContain('I am not in <#C0RANDOM>, <#C0SECRET>, so');
  });

  it.each([
    [
      { saved: 3, total: null, atLeast: false, since: null },
      '3 public channels saved, Slack has not said of how many',
    ],
    [{ saved: 3, total: 10_000, atLeast: true, since: null }, '3 of at least 10,000 public channels saved'],
    [{ saved: 1, total: 1, atLeast: false, since: null }, '1 of 1 public channel saved'],
  ])('counts only what Slack said: %o', (channels, words) => {
    expect(wordsOf(homeView(homeInput({ admin: { ...well, channels } })))).toContain(` · ${words} · `);
  });

  it('says of when an old count is', () => {
    const channels = { saved: 3, total: 4, atLeast: false, since: NOW - DAY };
    expect(wordsOf(homeView(homeInput({ admin: { ...well, channels } })))).toContain('as of <!date');
  });

  it('shows the card of admins to admins alone', () => {
    expect(wordsOf(homeView(homeInput()))).not.toContain('Audit');
    expect(wordsOf(homeView(homeInput({ admin })))).toContain('Audit');
  });

  it('tells guests what is theirs', () => {
    const guest = wordsOf(homeView(homeInput({ isGuest: true })));
    expect(guest).toContain('You are a guest here: you see your own files');
    expect(guest).not.toContain('/invite');
    expect(wordsOf(homeView(homeInput()))).not.toContain('guest');
  });

  it('tells a newcomer to drop a file where the bot is already', () => {
    const said = wordsOf(homeView(homeInput({ saved: ['C1', 'C2', 'C3', 'C4'] })));
    expect(said).toContain('1. Drop a file into <#C1>, <#C2> or <#C3>, as always.');
    expect(said).not.toContain('/invite');
  });

  it('notifies nobody: it mentions no one', () => {
    const home = JSON.stringify(homeView(homeInput({ admin, notSaved: ['C0RANDOM'] })));
    expect(home).not.toContain('<@');
  });

  it('names a few channels that are not saved, and counts the others', () => {
    const notSaved = Array.from({ length: 40 }, (_, at) => `C0${at}`);
    expect(wordsOf(homeView(homeInput({ notSaved })))).toContain('<#C04>, …and 35 more, so nothing');
  });

  it('counts what it leaves out', () => {
    const failures = { files: Array.from({ length: 30 }, () => failed), total: 4321 };
    const words = wordsOf(homeView(homeInput({ failures })));
    expect(words).toContain('4,321 files');
    expect(words).toContain('…and 4,318 more');
  });
});
