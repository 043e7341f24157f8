import { describe, expect, it } from 'vitest';
import { statsScreen } from '../../src/blocks/stats.ts';
import { statsInput } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

describe('/vault stats', () => {
  it('shows a person what they can see, with the picture', async () => {
    await expectScreen('stats', statsScreen(statsInput));
  });

  it('shows those who run it everything, drawn with letters where there is no picture', async () => {
    const trash = { files: 3, bytes: 4_500_000 };
    await expectScreen('stats-admin', statsScreen({ ...statsInput, whole: true, trash, picture: null }));
  });

  it('calls what people edit in Slack as people do', () => {
    const types = ['quip', 'email', 'pdf'].map((name) => ({ name, files: 1, bytes: 10 }));
    const words = wordsOf(statsScreen({ ...statsInput, types }));
    for (const name of ['canvas', 'e-mail', 'pdf']) expect(words).toContain(`• \`${name}\` · 1 file`);
    expect(words).not.toContain('quip');
  });

  it('says what to do while there is nothing', async () => {
    const nothing = { files: 0, bytes: 0 };
    await expectScreen('stats-nothing', statsScreen({ ...statsInput, total: nothing, own: nothing }));
  });

  it('counts apart what is not kept and what is on its way, also where nothing is stored', () => {
    const nothing = { files: 0, bytes: 0 };
    const words = (notKept: Array<[string, number]>, waiting: number) =>
      wordsOf(
        statsScreen({
          ...{ ...statsInput, total: nothing, own: nothing },
          unkept: { notKept: notKept.map(([reason, files]) => ({ reason, files })), waiting },
        }),
      );
    expect(
      words(
        [
          ['external', 8],
          ['too_large', 4],
        ],
        1,
      ),
    ).toContain('12 more are not saved: 8 links, 4 too large · 1 on its way');
    expect(words([['external', 1]], 0)).toContain('1 more is not saved: 1 link');
    expect(
      words(
        [
          ['tombstone', 2],
          ['', 1],
          ['deleted_in_slack', 1],
        ],
        0,
      ),
    ).toContain('4 more are not saved: 3 deleted in Slack, 1 for other reasons');
    expect(words([], 1_200)).toContain('1,200 on their way');
  });

  it('estimates 3.4 GB at the list price and 140 requests', () => {
    expect(wordsOf(statsScreen(statsInput))).toContain('About $0.08 a month');
    const dear = { ...statsInput, cost: { ...statsInput.cost, perGb: 100, isListPrice: false } as never };
    expect(wordsOf(statsScreen(dear))).toContain('About $340.00 a month');
    expect(wordsOf(statsScreen({ ...statsInput, cost: null }))).not.toContain('a month*');
  });
});
