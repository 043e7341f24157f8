import type { ModalView } from '@slack/types';
import {
  AS_DEFAULT,
  channelScreen,
  MB,
  rulesFormView,
  rulesSavedScreen,
  rulesSureView,
} from '../blocks/channel.ts';
import type { Screen } from '../blocks/elements.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { rulesForm as words } from '../blocks/wording-govern.ts';
import { channelFacts } from '../catalog/govern/channel-facts.ts';
import { countHolds } from '../catalog/govern/holds.ts';
import { countExpired } from '../catalog/govern/retention.ts';
import {
  applyRules,
  NO_OVERRIDES,
  type Overrides,
  overridesOf,
  saveOverrides,
} from '../catalog/govern/rules.ts';
import type { ConfirmMode } from '../catalog/model.ts';
import { unkeptSums } from '../catalog/stats.ts';
import { periodicJobSoon } from '../catalog/watch/periodic-jobs.ts';
import { UserError } from '../errors.ts';
import { requireAdmin, requireChannel } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action } from './click.ts';
import type { InputValues, Submission } from './submission.ts';
import { fieldOf } from './values.ts';

/**
 * How a channel is kept. Whether the person may see the channel is the caller's to know. Rules are for admins to
 * change, and not for whoever made the channel: retention deletes other people's files, and the bucket is the owner's.
 */
export async function channelPage(
  vault: Vault,
  { userId, channelId }: { userId: string; channelId: string },
): Promise<Screen> {
  const { catalog, identity, rights, policy } = vault;
  const { teamId } = identity;
  const [mayChange, facts, unkept, rule, holds] = await Promise.all([
    rights.isAdmin(userId),
    channelFacts(catalog, teamId, channelId),
    unkeptSums(catalog, { teamId, channelIds: [channelId], whole: false }),
    overridesOf(catalog, teamId, channelId),
    countHolds(catalog, teamId),
  ]);
  const rules = applyRules(policy, rule.own);
  return channelScreen({
    channelId,
    rules,
    ...rule,
    ...facts,
    unkept,
    holds: mayChange ? holds : 0,
    mayChange,
  });
}

/** Throws `UserError` unless this person may change the rules of this channel now. */
async function mayChange(vault: Vault, userId: string, channelId: string): Promise<void> {
  await requireAdmin(vault, userId);
  await requireChannel(vault, userId, channelId);
}

export const rulesChange: Action = {
  id: 'rules_change',
  async run(vault, click) {
    const channelId = click.value;
    await click.open(async () => {
      await mayChange(vault, click.userId, channelId);
      const { own } = await overridesOf(vault.catalog, vault.identity.teamId, channelId);
      return rulesFormView({ channelId, own, defaults: applyRules(vault.policy) });
    });
  },
};

/** Save in the form. Where files would go at once, it asks once more and says how many. */
export const rulesSave: Submission = {
  id: 'rules_save',
  check: ({ values }) => problemsOf(values),
  async run(vault, { userId, metadata, values }) {
    const { channelId } = read(metadata);
    await mayChange(vault, userId, channelId);
    const [problem] = Object.values(problemsOf(values) ?? {});
    if (problem !== undefined) throw new UserError('bad_rules', problem);
    const own = overridesFrom(values);
    const { catalog, identity, policy, now } = vault;
    const { teamId } = identity;
    const days = applyRules(policy, own).retentionDays;
    const before = applyRules(policy, (await overridesOf(catalog, teamId, channelId)).own).retentionDays;
    if (days !== 0 && days !== before) {
      const defaultDays = policy.retentionDays;
      const gone = await countExpired(catalog, { teamId, channelId, days, defaultDays, now: now() });
      if (gone.files > 0) return rulesSureView({ channelId, own, days, ...gone });
    }
    return save(vault, userId, channelId, own);
  },
};

/** Save in the second question. */
export const rulesSure: Submission = {
  id: 'rules_sure',
  async run(vault, { userId, metadata }) {
    const { channelId, own } = read(metadata);
    await mayChange(vault, userId, channelId);
    if (own === null) throw outdated();
    return save(vault, userId, channelId, own);
  },
};

async function save(vault: Vault, userId: string, channelId: string, own: Overrides): Promise<ModalView> {
  const { catalog, identity, now } = vault;
  const which = { teamId: identity.teamId, channelId };
  const changes = await saveOverrides(catalog, { ...which, own, actorId: userId, now: now() });
  if (changes.retentionDays !== undefined) await periodicJobSoon(catalog, 'retention', now());
  vault.wake();
  return screenModal(rulesSavedScreen({ changed: Object.keys(changes).length > 0 }));
}

const MODES: readonly string[] = ['thread', 'reaction', 'digest', 'off'] satisfies ConfirmMode[];
const MOST_TYPES = 100;
const MOST_MB = 1_000_000;
const MOST_DAYS = 36_500;

function problemsOf(values: InputValues): Record<string, string> | null {
  const given = (block: string) => fieldOf(values, block);
  if (given('types').split(/[\s,;]+/).length > MOST_TYPES) return { types: words.manyTypes(MOST_TYPES) };
  if (typesOf(given('types')) === undefined) return { types: words.badTypes };
  const number = (text: string, least: number, most: number) =>
    text === '' || (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most);
  if (!number(given('largest'), 1, MOST_MB)) return { largest: words.badLargest };
  if (!number(given('days'), 0, MOST_DAYS)) return { days: words.badDays };
  return null;
}

/** Types as they are kept; null for as everywhere, undefined for what is no list of types. */
function typesOf(text: string): string[] | null | undefined {
  if (text === '') return null;
  if (/^[-–—]$/.test(text)) return [];
  const types = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((type) => type.replace(/^\./, ''))
    .filter((type) => type !== '');
  return types.every((type) => /^[a-z0-9_+-]{1,20}$/.test(type)) ? [...new Set(types)].sort() : undefined;
}

function overridesFrom(values: InputValues): Overrides {
  const given = (block: string) => fieldOf(values, block);
  const [confirm, slackDelete] = [given('confirm'), given('slack_delete')];
  return {
    capture: given('capture') === 'off' ? false : null,
    confirm: MODES.includes(confirm) ? (confirm as ConfirmMode) : null,
    excludeTypes: typesOf(given('types')) ?? null,
    maxFileBytes: given('largest') === '' ? null : Number(given('largest')) * MB,
    retentionDays: given('days') === '' ? null : Number(given('days')),
    onSlackDelete:
      slackDelete === AS_DEFAULT || slackDelete === '' ? null : slackDelete === 'trash' ? 'trash' : 'keep',
    ...(given('tell_excluded') === 'off' ? { tellExcluded: false } : {}),
  };
}

/** What a modal's metadata says, as far as it is well-formed. Whoever may change the rules may set any of these. */
function read(metadata: string): { channelId: string; own: Overrides | null } {
  try {
    const { channelId, own } = JSON.parse(metadata) as { channelId?: unknown; own?: unknown };
    if (typeof channelId !== 'string') throw outdated();
    return { channelId, own: isOverrides(own) ? own : null };
  } catch {
    throw outdated();
  }
}

function isOverrides(it: unknown): it is Overrides {
  const own = (it ?? {}) as Record<keyof Required<Overrides>, unknown>;
  const types = own.excludeTypes;
  const whole = (value: unknown, least: number, most: number) =>
    value === null || (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most);
  return (
    Object.keys(NO_OVERRIDES).every((name) => name in own) &&
    [null, false].includes(own.capture as null) &&
    (own.confirm === null || MODES.includes(String(own.confirm))) &&
    (types === null ||
      (Array.isArray(types) && (types.length === 0 || typesOf(types.join(',')) !== undefined))) &&
    whole(own.maxFileBytes, 1, MOST_MB * MB) &&
    whole(own.retentionDays, 0, MOST_DAYS) &&
    [null, 'keep', 'trash'].includes(own.onSlackDelete as null) &&
    [undefined, false].includes(own.tellExcluded as undefined)
  );
}

function outdated(): UserError {
  return new UserError('outdated', 'This window is outdated. Type `/vault channel` again.');
}
