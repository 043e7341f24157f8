import { expect, it } from 'vitest';
import { joinedMessage } from '../../src/blocks/joined.ts';
import { expectScreen } from './snapshot.ts';

it('the hello says what the bot does, and offers to keep the past', async () => {
  const screen = joinedMessage();
  await expectScreen('joined', screen);
  expect(JSON.stringify(screen)).toContain('backfill_start');
  expect(JSON.stringify(screen)).toContain('Save older files too? (admins only)');
});

it('it does not say that every file is saved where some or all are not', () => {
  const [some, nothing] = (['some', 'nothing'] as const).map((saves) =>
    JSON.stringify(joinedMessage({ saves })),
  );
  expect(some).not.toContain('every file');
  expect(some).toContain('backfill_start');
  expect(nothing).toContain('saving is off');
  expect(nothing).not.toContain('backfill_start');
});
