import * as v from 'valibot';
import { HOLDS, holdFilesView, holdFormView, holdSetScreen, holdsScreen } from '../blocks/holds.ts';
import { readJson } from '../blocks/kit/carried.ts';
import { marked } from '../blocks/kit/over.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { holdForm as words } from '../blocks/text/wording-holds.ts';
import { badHold } from '../refusals/holds.ts';
import { unknownWindow } from '../refusals/outdated.ts';
import type { Vault } from '../vault/context.ts';
import {
  type HoldWanted,
  listHolds,
  MOST_FOUND,
  mayFillInHold,
  planHold,
  putOnHold,
  takeOffHold,
} from '../vault/holds.ts';
import { followedView, redrawBehind, rememberBehind } from './behind.ts';
import type { Action, Click } from './click.ts';
import type { InputValues, Submission } from './submission.ts';
import { fieldOf } from './values.ts';

/** The longest reason; the form does not allow more. */
const REASON = 1_000;

export const holdNew: Action = {
  id: 'hold_new',
  async run(vault, click) {
    await click.open(async (viewId) => {
      await mayFillInHold(vault, click);
      const { userId } = click;
      const list = async () => click.replace(holdsScreen(await listHolds(vault, { userId, limit: HOLDS })));
      if (click.mayReplace) vault.redraws.keep(viewId, list, vault.now());
      return click.mayReplace ? marked(holdFormView()) : holdFormView();
    });
  },
};

export const holdLift: Action = {
  id: 'hold_lift',
  async run(vault, { userId, value: holdId, replace }) {
    await takeOffHold(vault, { userId, holdId });
    await replace(holdsScreen(await listHolds(vault, { userId, limit: HOLDS })));
  },
};

/** "Put on hold" in the form. */
export const holdSet: Submission = {
  id: 'hold_set',
  check: ({ values }) => problemsOf(values),
  async run(vault, { userId, viewId, metadata, values }) {
    const set = holdSetScreen(await putOnHold(vault, { userId, ...read(values) }));
    return followedView(vault, { viewId, metadata }, set);
  },
};

/** Hold, in a file's menu and in its Details: how much it covers, and a field for the reason. */
export async function askHold(vault: Vault, click: Click, fileId: string): Promise<void> {
  const { userId } = click;
  await click.open(async (viewId) => {
    rememberBehind(vault, click, viewId);
    return holdFilesView(await planHold(vault, { userId, fileIds: [fileId] }));
  });
}

export const holdAsk: Action = { id: 'hold_ask', run: (vault, click) => askHold(vault, click, click.value) };

const IDS = v.pipe(
  // An older version's window has a list of them.
  v.union([
    v.pipe(
      v.string(),
      v.transform((ids) => ids.split(' ')),
    ),
    v.array(v.string()),
  ]),
  v.minLength(1),
  v.maxLength(MOST_FOUND),
);
const FILES = v.object({ fileIds: IDS });

/** "Put on hold" in that window. */
export const holdFiles: Submission = {
  id: 'hold_files',
  check: ({ values }) => problemWithReason(fieldOf(values, 'reason')),
  async run(vault, { userId, viewId, metadata, values }) {
    const meant = readJson(FILES, metadata);
    if (meant === null || !meant.fileIds.every(isFileId)) throw unknownWindow();
    const [only = '', ...more] = meant.fileIds;
    const which = more.length === 0 ? { fileId: only } : { fileId: null, fileIds: meant.fileIds };
    const nobody = { personId: null, channelId: null, firstDay: null, lastDay: null };
    const [problem] = Object.values(problemWithReason(fieldOf(values, 'reason')) ?? {});
    if (problem !== undefined) throw badHold(problem);
    const wanted = { ...nobody, ...which, reason: fieldOf(values, 'reason') };
    const set = holdSetScreen(await putOnHold(vault, { userId, ...wanted }));
    // A list does not show holds, so it is not out of date.
    await redrawBehind(vault, viewId);
    return screenModal(set);
  },
};

const isFileId = (id: string) => /^F[A-Z0-9]{1,30}(?:-[0-9A-F]{8})?$/.test(id);

function problemWithReason(reason: string): Record<string, string> | null {
  if (reason.includes('\0')) return { reason: words.badReason };
  return reason.length > REASON ? { reason: words.longReason(REASON) } : null;
}

/** What is wrong with the form, by field; null for nothing. */
function problemsOf(values: InputValues): Record<string, string> | null {
  const given = (block: string) => fieldOf(values, block);
  for (const block of ['person', 'channel']) {
    if (!/^[A-Z0-9]{0,40}$/.test(given(block))) return { [block]: words.badChoice };
  }
  for (const block of ['from', 'until']) {
    if (given(block) !== '' && Number.isNaN(Date.parse(`${given(block)}T00:00Z`)))
      return { [block]: words.badDate };
  }
  const reason = problemWithReason(given('reason'));
  if (reason !== null) return reason;
  if (['person', 'channel', 'file', 'from', 'until'].every((block) => given(block) === ''))
    return { person: words.empty };
  if (given('file') !== '' && !isFileId(given('file'))) return { file: words.badFile };
  const [from, until] = [given('from'), given('until')];
  if (from !== '' && until !== '' && from > until) return { until: words.badRange };
  return null;
}

/** Throws `UserError` for values that the form's check refuses. */
function read(values: InputValues): HoldWanted {
  const [problem] = Object.values(problemsOf(values) ?? {});
  if (problem !== undefined) throw badHold(problem);
  const given = (block: string) => fieldOf(values, block) || null;
  return {
    ...{ personId: given('person'), channelId: given('channel'), fileId: given('file') },
    ...{ firstDay: given('from'), lastDay: given('until') },
    reason: fieldOf(values, 'reason'),
  };
}
