import type { Screen } from '../blocks/elements.ts';
import { HOLDS, holdFormView, holdSetScreen, holdsScreen } from '../blocks/holds.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { holdForm as words } from '../blocks/wording-govern.ts';
import { countHolds, type HoldScope, holdsInForce, liftHold, setHold } from '../catalog/govern/holds.ts';
import { UserError } from '../errors.ts';
import { requireAuditor } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action } from './click.ts';
import type { InputValues, Submission } from './submission.ts';
import { fieldOf } from './values.ts';

const DAY_MS = 86_400_000;
/** So long may a reason be; the form lets nobody type more. */
const REASON = 1_000;

/** The holds in force. Whether the person may see them is the caller's to know. */
export async function holdsPage({ catalog, identity, objectLock }: Vault): Promise<Screen> {
  const { teamId } = identity;
  const [holds, total] = await Promise.all([
    holdsInForce(catalog, teamId, HOLDS),
    countHolds(catalog, teamId),
  ]);
  return holdsScreen({ holds, total, objectLock });
}

export const holdNew: Action = {
  id: 'hold_new',
  async run(vault, click) {
    await click.open(async () => {
      await requireAuditor(vault, click.userId);
      return holdFormView();
    });
  },
};

export const holdLift: Action = {
  id: 'hold_lift',
  async run(vault, click) {
    await requireAuditor(vault, click.userId);
    const { catalog, identity, now } = vault;
    const which = { teamId: identity.teamId, holdId: click.value };
    const lifted = await liftHold(catalog, { ...which, actorId: click.userId, now: now() });
    if (!lifted)
      throw new UserError('no_such_hold', 'This hold is not in force; somebody may have lifted it.');
    vault.wake();
    await click.replace(await holdsPage(vault));
  },
};

/** "Put on hold" in the form. */
export const holdSet: Submission = {
  id: 'hold_set',
  check: ({ values }) => problemsOf(values),
  async run(vault, { userId, values }) {
    await requireAuditor(vault, userId);
    const [problem] = Object.values(problemsOf(values) ?? {});
    if (problem !== undefined) throw new UserError('bad_hold', problem);
    const { timeZoneOffset } = await vault.people.person(userId);
    const scope = scopeOf(values, timeZoneOffset);
    const { tooLate } = await setHold(vault.catalog, {
      teamId: vault.identity.teamId,
      scope,
      reason: fieldOf(values, 'reason'),
      actorId: userId,
      now: vault.now(),
    });
    vault.wake();
    return screenModal(holdSetScreen({ scope, tooLate }));
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

function scopeOf(values: InputValues, timeZoneOffset: number): HoldScope {
  const given = (block: string) => fieldOf(values, block) || null;
  const startOf = (date: string | null) =>
    date === null ? null : Date.parse(`${date}T00:00Z`) - timeZoneOffset;
  const last = startOf(given('until'));
  return {
    personId: given('person'),
    channelId: given('channel'),
    fileId: given('file'),
    sharedFrom: startOf(given('from')),
    sharedUntil: last === null ? null : last + DAY_MS,
  };
}
