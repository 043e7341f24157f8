import type { ModalView } from '@slack/types';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { askDelete } from '../../src/actions/ask-delete.ts';
import { rulesSave } from '../../src/actions/channel-rules.ts';
import type { Click } from '../../src/actions/click.ts';
import { deleteConfirm } from '../../src/actions/delete-confirm.ts';
import { holdFiles } from '../../src/actions/holds.ts';
import { detailsMore, showDetails } from '../../src/actions/show-details.ts';
import { purgeConfirm } from '../../src/actions/trash.ts';
import { undoDelete } from '../../src/actions/undo-delete.ts';
import { encodePlace } from '../../src/blocks/kit/cursor.ts';
import { leavingMessage } from '../../src/blocks/leaving.ts';
import { hold } from '../../src/commands/hold.ts';
import { moveToTrash } from '../../src/vault/trash.ts';
import { ADMIN, ANNA, openWorld, type World } from '../vault/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA, ADMIN]);
  await world.share('F1', 'G1');
});

it('Details are drawn again after a hold is put on their file', async () => {
  const drawn: string[] = [];
  world.vault.redraws.keep('V1', async () => void drawn.push('Details'), world.vault.now());
  const submitted = { userId: ADMIN, viewId: 'V1', metadata: JSON.stringify({ fileIds: 'F1' }), values: {} };
  await holdFiles.run(world.vault, submitted);
  expect(drawn).toEqual(['Details']);
});

it('words after hold in a mention are not dropped without a word', async () => {
  const asked = { userId: ADMIN, channelId: 'G1', text: 'budget', reply: async () => {} };
  await expect(hold.run(world.vault, asked as never)).rejects.toMatchObject({ code: 'bad_hold' });
});

it('the warning before retention promises no days that the trash does not give', () => {
  const of = (total: number, trashDays: number) =>
    JSON.stringify(leavingMessage({ days: [{ day: 20_000, total, files: [] }], trashDays }).blocks);
  expect(of(1, 30)).toContain('for 30 days');
  expect(of(1, 0)).not.toContain('0 days');
  expect(of(0, 30)).not.toContain('restore');
});

const OVER = JSON.stringify({ fileId: 'F1', channelId: 'G1', name: 'plan.pdf', over: true });
const STALE = 'What is behind this window is out of date. Open it again.';

it('a window says that there is a list behind it, and keeps what it carries', async () => {
  const place = encodePlace(0, { channelId: 'G1', query: '' }) ?? '';
  const opened: ModalView[] = [];
  const open = async (build: (viewId: string) => Promise<ModalView>) => void opened.push(await build('V1'));
  const click = {
    userId: ANNA,
    channelId: 'G1',
    blockId: place,
    metadata: '',
    viewId: null,
    where: 'message',
  };
  await askDelete(world.vault, { ...click, mayReplace: true, open } as unknown as Click, 'F1');
  await askDelete(world.vault, { ...click, blockId: 'x', mayReplace: true, open } as unknown as Click, 'F1');
  const carried = opened.map(({ private_metadata: json = '' }) => JSON.parse(json));
  expect(carried).toEqual([
    { fileId: 'F1', channelId: 'G1', over: true },
    { fileId: 'F1', channelId: 'G1' },
  ]);
});

it.each([
  ['a deletion', () => deleteConfirm.run(world.vault, submitted(ANNA))],
  [
    'a removal for good',
    async () => {
      await moveToTrash(world.vault, { userId: ADMIN, fileId: 'F1', channelId: 'G1' });
      return purgeConfirm.run(world.vault, { ...submitted(ADMIN), values: typed('typed', 'DELETE') });
    },
  ],
  ['new settings', () => rulesSave.run(world.vault, submitted(ADMIN))],
])('%s says when what it was opened from is out of date', async (_, end) => {
  const view = await end();
  expect(JSON.stringify(view.blocks)).toContain(STALE);
  // Undo in that window has something behind it, too.
  expect(JSON.parse(view.private_metadata ?? '{}')).toEqual({ over: true });
});

it('Undo says so, too; and nothing is said where the list was drawn anew, or there is none', async () => {
  const undo = async (metadata: string) => {
    await moveToTrash(world.vault, { userId: ANNA, fileId: 'F1', channelId: 'G1' });
    const shown: string[] = [];
    const replace = async ({ blocks }: { blocks: unknown }) => void shown.push(JSON.stringify(blocks));
    const click = { userId: ANNA, value: 'F1', viewId: 'V7', where: 'modal', metadata, replace };
    await undoDelete.run(world.vault, click as unknown as Click);
    return shown.join();
  };
  expect(await undo('{"over":true}')).toContain(STALE);
  expect(await undo('')).not.toContain(STALE);
  world.vault.redraws.keep('V7', async () => {}, world.vault.now());
  expect(await undo('{"over":true}')).not.toContain(STALE);
});

it('a list behind Details that cannot be drawn anew is out of date, too', async () => {
  const views: ModalView[] = [];
  const open = async (build: (viewId: string) => Promise<ModalView>) => void views.push(await build('V1'));
  const blockId = encodePlace(0, { channelId: 'G1', query: '' }) ?? '';
  const at = { userId: ANNA, channelId: 'G1', mayReplace: true, open, value: 'F1' };
  const list = { ...at, blockId, metadata: '', viewId: null, where: 'message' };
  await showDetails(world.vault, list as unknown as Click, 'F1');
  const [details] = views;
  const metadata = details?.private_metadata ?? '';
  expect(JSON.parse(metadata)).toMatchObject({ fileId: 'F1', over: true });
  // More and Less keep the mark.
  const redraw = async (build: () => Promise<ModalView>) => void views.push(await build());
  const inDetails = { ...at, blockId: 'x', metadata, viewId: 'V8', where: 'modal', redraw };
  await detailsMore.run(world.vault, { ...inDetails, value: 'F1:G1' } as unknown as Click);
  expect(JSON.parse(views[1]?.private_metadata ?? '{}')).toMatchObject({ more: true, over: true });
  // Another process knows the list behind V8: a window over these Details says so, and so do they.
  const call = vi.spyOn(world.vault.slack, 'call').mockResolvedValue({} as never);
  try {
    const question = {
      ...inDetails,
      open: async (build: (viewId: string) => Promise<ModalView>) => void (await build('V9')),
    };
    await askDelete(world.vault, question as unknown as Click, 'F1');
    const end = () => deleteConfirm.run(world.vault, submitted(ANNA));
    expect(JSON.stringify((await end()).blocks)).toContain(STALE);
    await undoDelete.run(world.vault, inDetails as unknown as Click);
    expect(JSON.stringify(call.mock.lastCall)).toContain(STALE);
    world.vault.redraws.keep('V8', async () => {}, world.vault.now());
    expect(JSON.stringify((await end()).blocks)).not.toContain(STALE);
    await undoDelete.run(world.vault, inDetails as unknown as Click);
    expect(JSON.stringify(call.mock.lastCall)).not.toContain(STALE);
  } finally {
    call.mockRestore();
  }
});

const submitted = (userId: string) => ({ userId, viewId: 'V9', metadata: OVER, values: {} });
const typed = (block: string, value: string) => ({ [block]: { value: { type: 'plain_text_input', value } } });
