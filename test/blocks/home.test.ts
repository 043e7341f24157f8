import { describe, expect, it } from 'vitest';
import { homeView } from '../../src/blocks/home.ts';
import { admin, DAY, file, homeInput, listed, NOW, notStored, statsInput } from './samples.ts';
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

describe('App Home', () => {
  it('shows a new vault the way to the first file', async () => {
    await expectScreenView('home-new', homeView(homeInput()));
  });

  it('shows totals, what is on its way, what failed and what is recent', async () => {
    const view = homeView(
      homeInput({
        stored: { files: 1204, bytes: 3_650_722_202 },
        glance: statsInput,
        onTheWay: { files: [storing], total: 1 },
        failures: { files: [failed], total: 3 },
        recent: [
          listed(),
          listed({ fileId: 'F2', listedChannelId: 'C0DESIGN', name: 'logo.svg', filetype: 'svg' }),
        ],
        mayDelete: (it) => it.fileId === 'F2',
        admin,
      }),
    );
    await expectScreenView('home', view);
    expect(wordsOf(view)).not.toContain('10.0.0.1');
  });

  it('shows the section of admins to admins alone', () => {
    expect(wordsOf(homeView(homeInput()))).not.toContain('For admins');
    expect(wordsOf(homeView(homeInput({ admin })))).toContain('For admins');
  });

  it('counts what it leaves out', () => {
    const failures = { files: Array.from({ length: 30 }, () => failed), total: 4321 };
    const words = wordsOf(homeView(homeInput({ failures })));
    expect(words).toContain('4,321 files');
    expect(words).toContain('…and 4,311 more');
  });
});
