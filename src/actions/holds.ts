import { HOLDS, holdFormView, holdSetScreen, holdsScreen } from '../blocks/holds.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { holdForm as words } from '../blocks/text/wording-govern.ts';
import { badHold } from '../refusals/holds.ts';
import { type HoldWanted, listHolds, mayFillInHold, putOnHold, takeOffHold } from '../vault/holds.ts';
import type { Action } from './click.ts';
import type { InputValues, Submission } from './submission.ts';
import { fieldOf } from './values.ts';

/** The longest reason; the form does not allow more. */
const REASON = 1_000;

export const holdNew: Action = {
  id: 'hold_new',
  async run(vault, click) {
    await click.open(async () => {
      await mayFillInHold(vault, click);
      return holdFormView();
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
  async run(vault, { userId, values }) {
    return screenModal(holdSetScreen(await putOnHold(vault, { userId, ...read(values) })));
  },
};

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
  if (given('reason').includes('\0')) return { reason: words.badReason };
  if (given('reason').length > REASON) return { reason: words.longReason(REASON) };
  if (['person', 'channel', 'file', 'from', 'until'].every((block) => given(block) === ''))
    return { person: words.empty };
  if (given('file') !== '' && !/^F[A-Z0-9]{1,30}(?:-[0-9A-F]{8})?$/.test(given('file')))
    return { file: words.badFile };
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
