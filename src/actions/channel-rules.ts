import type { ModalView } from '@slack/types';
import * as v from 'valibot';
import { AS_DEFAULT, MB, rulesFormView, rulesSavedScreen, rulesSureView } from '../blocks/channel.ts';
import { readJson } from '../blocks/kit/carried.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { rulesForm as words } from '../blocks/text/wording-govern.ts';
import type { Overrides } from '../catalog/governance/rule-model.ts';
import { outdatedWindow } from '../refusals/outdated.ts';
import { badRules } from '../refusals/rules.ts';
import { CONFIRM_MODES, isOverrides, MOST, typesIn } from '../vault/rule-bounds.ts';
import { changeRules, type RulesChange, rulesToChange } from '../vault/rules.ts';
import type { Action } from './click.ts';
import type { InputValues, Submission } from './submission.ts';
import { fieldOf } from './values.ts';

export const rulesChange: Action = {
  id: 'rules_change',
  async run(vault, { userId, value: channelId, open }) {
    await open(async () => rulesFormView(await rulesToChange(vault, { userId, channelId })));
  },
};

/** Save in the form. If files would go at once, it says how many and asks again. */
export const rulesSave: Submission = {
  id: 'rules_save',
  check: ({ values }) => problemsOf(values),
  async run(vault, { userId, metadata, values }) {
    const { channelId } = read(metadata);
    const own = overridesFrom(values);
    return answer(channelId, own, await changeRules(vault, { userId, channelId, own, isSure: false }));
  },
};

/** Save in the second question. */
export const rulesSure: Submission = {
  id: 'rules_sure',
  async run(vault, { userId, metadata }) {
    const { channelId, own } = read(metadata);
    if (own === null) throw outdated();
    return answer(channelId, own, await changeRules(vault, { userId, channelId, own, isSure: true }));
  },
};

function answer(channelId: string, own: Overrides, change: RulesChange): ModalView {
  if (!change.isSaved) return rulesSureView({ channelId, own, ...change });
  return screenModal(rulesSavedScreen({ changed: change.isChanged }));
}

const MOST_MB = MOST.fileBytes / MB;

function problemsOf(values: InputValues): Record<string, string> | null {
  const given = (block: string) => fieldOf(values, block);
  if (given('types').split(/[\s,;]+/).length > MOST.types) return { types: words.manyTypes(MOST.types) };
  if (typesOf(given('types')) === undefined) return { types: words.badTypes };
  const number = (text: string, least: number, most: number) =>
    text === '' || (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most);
  if (!number(given('largest'), 1, MOST_MB)) return { largest: words.badLargest };
  if (!number(given('days'), 0, MOST.days)) return { days: words.badDays };
  return null;
}

/** Types in their stored form; null for the default, undefined if the text is not a list of types. */
function typesOf(text: string): string[] | null | undefined {
  if (text === '') return null;
  return /^[-–—]$/.test(text) ? [] : typesIn(text);
}

/** Throws `UserError` for values that the form's check refuses. */
function overridesFrom(values: InputValues): Overrides {
  const [problem] = Object.values(problemsOf(values) ?? {});
  if (problem !== undefined) throw badRules(problem);
  const given = (block: string) => fieldOf(values, block);
  const [confirm, slackDelete] = [given('confirm'), given('slack_delete')];
  return {
    capture: given('capture') === 'off' ? false : null,
    confirm: CONFIRM_MODES.find((mode) => mode === confirm) ?? null,
    excludeTypes: typesOf(given('types')) ?? null,
    maxFileBytes: given('largest') === '' ? null : Number(given('largest')) * MB,
    retentionDays: given('days') === '' ? null : Number(given('days')),
    onSlackDelete:
      slackDelete === AS_DEFAULT || slackDelete === '' ? null : slackDelete === 'trash' ? 'trash' : 'keep',
    ...(given('tell_excluded') === 'off' ? { tellExcluded: false } : {}),
  };
}

const METADATA = v.object({ channelId: v.string(), own: v.optional(v.unknown()) });

/** What a modal's metadata says, if it is well-formed. */
function read(metadata: string): { channelId: string; own: Overrides | null } {
  const meant = readJson(METADATA, metadata);
  if (meant === null) throw outdated();
  return { channelId: meant.channelId, own: isOverrides(meant.own) ? meant.own : null };
}

const outdated = () => outdatedWindow('channel');
