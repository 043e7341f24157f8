import type { ModalView } from '@slack/types';
import * as v from 'valibot';
import { AS_DEFAULT, MB, rulesFormView, rulesSavedScreen, rulesSureView } from '../blocks/channel.ts';
import { readJson } from '../blocks/kit/carried.ts';
import { rulesForm as words } from '../blocks/text/wording-govern.ts';
import type { Overrides } from '../catalog/governance/rule-model.ts';
import { outdatedWindow } from '../refusals/outdated.ts';
import { badRules } from '../refusals/rules.ts';
import { TEXT_MODES } from '../text-modes.ts';
import type { Vault } from '../vault/context.ts';
import { CONFIRM_MODES, isOverrides, MOST, typesIn } from '../vault/rule-bounds.ts';
import { changeRules, type RulesChange, rulesToChange } from '../vault/rules.ts';
import { followedView, over } from './behind.ts';
import type { Action } from './click.ts';
import { markedAs } from './details-again.ts';
import type { InputValues, Submission } from './submission.ts';
import { fieldOf } from './values.ts';

export const rulesChange: Action = {
  id: 'rules_change',
  async run(vault, click) {
    const { userId, value: channelId } = click;
    await click.open(async (viewId) => {
      return over(vault, click, viewId, rulesFormView(await rulesToChange(vault, { userId, channelId })));
    });
  },
};

/** Save in the form. If files would go at once, it says how many and asks again. */
export const rulesSave: Submission = {
  id: 'rules_save',
  check: ({ values }) => problemsOf(values),
  async run(vault, { userId, viewId, metadata, values }) {
    const { channelId } = read(metadata);
    const own = overridesFrom(values);
    const change = await changeRules(vault, { userId, channelId, own, isSure: false });
    return answer(vault, { viewId, metadata }, { channelId, own, change });
  },
};

/** Save in the second question. */
export const rulesSure: Submission = {
  id: 'rules_sure',
  async run(vault, { userId, viewId, metadata }) {
    const { channelId, own } = read(metadata);
    if (own === null) throw outdated();
    const change = await changeRules(vault, { userId, channelId, own, isSure: true });
    return answer(vault, { viewId, metadata }, { channelId, own, change });
  },
};

async function answer(
  vault: Vault,
  window: { viewId: string; metadata: string },
  { channelId, own, change }: { channelId: string; own: Overrides; change: RulesChange },
): Promise<ModalView> {
  if (!change.isSaved) {
    return markedAs(window, rulesSureView({ channelId, own, ...change }));
  }
  const { isChanged, bookmarkProblem } = change;
  return followedView(vault, window, rulesSavedScreen({ changed: isChanged, problem: bookmarkProblem }));
}

const MOST_MB = MOST.fileBytes / MB;

/** What is wrong with the form, by field: everything at once, so that nobody has to save again and again. */
function problemsOf(values: InputValues): Record<string, string> | null {
  const given = (block: string) => fieldOf(values, block);
  const number = (text: string, least: number, most: number) =>
    text === '' || (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most);
  const isMany = given('types').split(/[\s,;]+/).length > MOST.types;
  const problems: Record<string, string> = {
    ...(isMany ? { types: words.manyTypes(MOST.types) } : {}),
    ...(isMany || typesOf(given('types')) !== undefined ? {} : { types: words.badTypes }),
    ...(number(given('largest'), 1, MOST_MB) ? {} : { largest: words.badLargest }),
    ...(number(given('days'), 0, MOST.days) ? {} : { days: words.badDays }),
  };
  return Object.keys(problems).length === 0 ? null : problems;
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
    ...(given('bookmark') === 'on' ? { bookmark: true } : {}),
    ...(given('may_keep') === 'on' ? { mayKeep: true } : {}),
    ...externalOf(given('external')),
    ...textOf(given('text')),
  };
}

/** Nothing where the field says “as everywhere”, or an older form did not have it. */
function externalOf(chosen: string): Pick<Overrides, 'external'> {
  return chosen === 'keep' || chosen === 'record' ? { external: chosen } : {};
}

/** The same. */
function textOf(chosen: string): Pick<Overrides, 'text'> {
  const text = TEXT_MODES.find((mode) => mode === chosen);
  return text === undefined ? {} : { text };
}

const METADATA = v.object({ channelId: v.string(), own: v.optional(v.unknown()) });

/** What a modal's metadata says, if it is well-formed. */
function read(metadata: string): { channelId: string; own: Overrides | null } {
  const meant = readJson(METADATA, metadata);
  if (meant === null) throw outdated();
  return { channelId: meant.channelId, own: isOverrides(meant.own) ? meant.own : null };
}

const outdated = () => outdatedWindow('channel');
