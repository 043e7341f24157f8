import type { KnownBlock, ModalView } from '@slack/types';
import type { Overrides, Rules } from '../catalog/governance/rule-model.ts';
import type { ConfirmMode } from '../catalog/model.ts';
import type { UnkeptSums } from '../catalog/totals/stats.ts';
import type { TextMode } from '../text-modes.ts';
import { lessButton } from './confirmation.ts';
import { button, context, plain, type Screen, section } from './kit/elements.ts';
import { selectField, textField } from './kit/inputs.ts';
import { limits } from './kit/limits.ts';
import { channel, code, day, moment } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { encodeSettings } from './kit/places.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, common, confirmation } from './text/wording.ts';
import { confirmMeans, bookmark as mark, outsiders, texts } from './text/wording-channel.ts';
import { rulesForm as form, channelRules as words } from './text/wording-govern.ts';
import { home } from './text/wording-home.ts';
import { unkeptInWords } from './text/wording-unkept.ts';

const TYPES_SHOWN = 20;
export const MB = 1024 * 1024;
/** For a list of the rules that apply everywhere. */
export const NO_RULES_OF_ITS_OWN: Overrides = {
  ...{ capture: null, confirm: null, excludeTypes: null, maxFileBytes: null },
  ...{ retentionDays: null, onSlackDelete: null },
};
const TEXTS: readonly TextMode[] = ['all', 'words', 'contents', 'off'];
const MODES = Object.keys(words.confirmNames) as ConfirmMode[];

export interface ChannelInput {
  channelId: string;
  /** The rules that apply here. */
  rules: Rules;
  /** The rules that were set for this channel. */
  own: Overrides;
  changedBy: string | null;
  changedAt: number | null;
  /** False when the bot is not in the channel. */
  isMember: boolean;
  /** Since when the bot knows the channel (ms). */
  since: number | null;
  files: number;
  bytes: number;
  /** Files of the channel that are not stored; no other number includes them. */
  unkept: UnkeptSums;
  /** Current holds that may cover files of this channel; only for admins. */
  holds: number;
  /** This person may change the rules. */
  mayChange: boolean;
  /** The name of the emoji that can confirm instead of a message. */
  sign?: string;
  names?: Named;
}

/** `/vault channel`: whether and how a channel is kept. */
export function channelScreen(input: ChannelInput): Screen {
  const { channelId, rules, own, changedBy, changedAt, mayChange, names = NO_NAMES } = input;
  const where = channelNamed(channelId, names);
  const change = button({
    actionId: 'rules_change',
    text: words.change,
    label: words.changeLabel,
    value: channelId,
  });
  const isOwn = Object.values(own).some((value) => value !== null);
  return {
    text: words.text(where),
    blocks: [
      {
        ...section(words.title(where), mayChange ? change : undefined),
        block_id: encodeSettings('change', channelId),
      },
      section(
        [standing(input), words.totals(input.files, input.bytes), unkeptInWords(input.unkept)]
          .filter((line) => line !== '')
          .join('\n'),
      ),
      section(ruleLines(rules, own).join('\n')),
      ...(input.holds > 0 ? [context(words.held(input.holds))] : []),
      context(
        isOwn && changedBy !== null
          ? words.changed(personNamed(changedBy, names), moment(changedAt))
          : words.defaults,
      ),
      ...(rules.capture ? [] : [context(words.backfillHint)]),
      ...less(input),
    ],
  };
}

/** Where messages confirm: one click for an emoji instead. */
function less({ channelId, rules, isMember, mayChange, sign }: ChannelInput): KnownBlock[] {
  const isTold = rules.capture && rules.confirm === 'thread' && isMember;
  if (!mayChange || !isTold || sign === undefined) return [];
  return [
    context(confirmation.lessHere(`:${sign}:`)),
    ...lessButton().map((row) => ({ ...row, block_id: encodeSettings('less', channelId) })),
  ];
}

function standing({ channelId, rules, isMember, since }: ChannelInput): string {
  if (!isMember) return home.notSavedHere(channel(channelId));
  if (!rules.capture) return words.off;
  return since === null ? words.keptUnknown : words.kept(day(since));
}

/** What applies in a channel, a line each. `own` are the rules that were set for it. */
export function ruleLines(rules: Rules, own: Overrides): string[] {
  const marked = (line: string, value: unknown) => (value === null ? line : `${line} (${words.own})`);
  return [
    marked(words.confirm(rules.confirm), own.confirm),
    marked(
      rules.excludeTypes.size === 0 ? words.noTypes : words.types(typesInWords([...rules.excludeTypes])),
      own.excludeTypes,
    ),
    ...(rules.tellExcluded !== false ? [] : [marked(words.notTold, own.tellExcluded ?? null)]),
    marked(words.largest(rules.maxFileBytes), own.maxFileBytes),
    marked(words.retention(rules.retentionDays), own.retentionDays),
    ...(rules.mayKeep === true ? [marked(words.mayKeep, own.mayKeep ?? null)] : []),
    marked(words.onSlackDelete(rules.onSlackDelete), own.onSlackDelete),
    ...(rules.external === 'record' || own.external
      ? [marked(outsiders.line(rules.external ?? 'keep'), own.external ?? null)]
      : []),
    ...(rules.text ? [marked(texts.line(rules.text), own.text ?? null)] : []),
    ...(own.bookmark ? [mark.line] : []),
  ];
}

/** At most twenty types, safe for mrkdwn. */
export function typesInWords(types: string[]): string {
  const shown = types.slice(0, TYPES_SHOWN).map((type) => code(type, 20));
  return [...shown, ...(types.length > TYPES_SHOWN ? [common.more(types.length - TYPES_SHOWN)] : [])].join(
    ', ',
  );
}

/** The value for "as everywhere" in a menu. */
export const AS_DEFAULT = 'default';

/** The form for a channel's rules. `defaults` applies to fields that are not changed. */
export function rulesFormView(o: { channelId: string; own: Overrides; defaults: Rules }): ModalView {
  const { channelId, own, defaults } = o;
  const asDefault = (what: string) => ({ text: form.asDefault(what), value: AS_DEFAULT });
  const days = defaults.retentionDays === 0 ? form.forEver : String(defaults.retentionDays);
  const types = [...defaults.excludeTypes].join(', ') || form.allTypes;
  return {
    type: 'modal',
    callback_id: 'rules_save',
    private_metadata: JSON.stringify({ channelId }),
    title: plain(form.title, limits.viewTitle),
    submit: plain(form.submit, limits.viewButton),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      selectField({
        block: 'capture',
        label: form.capture,
        required: true,
        choices: [
          { text: form.captureOn, value: 'on' },
          { text: form.captureOff, value: 'off' },
        ],
        chosen: own.capture === false ? 'off' : 'on',
      }),
      selectField({
        block: 'confirm',
        label: form.confirm,
        required: true,
        choices: [
          asDefault(words.confirmNames[defaults.confirm]),
          ...MODES.map((mode) => ({ text: confirmMeans[mode], value: mode })),
        ],
        chosen: own.confirm ?? AS_DEFAULT,
      }),
      textField({
        block: 'types',
        label: form.types,
        hint: form.typesHint,
        maxLength: 300,
        initial: own.excludeTypes === null ? '' : own.excludeTypes.join(', ').slice(0, 300) || '-',
        placeholder: form.defaultNumber(types).slice(0, 150),
      }),
      selectField({
        block: 'tell_excluded',
        label: form.tellExcluded,
        required: true,
        choices: [
          { text: form.tellExcludedOn, value: 'on' },
          { text: form.tellExcludedOff, value: 'off' },
        ],
        chosen: own.tellExcluded === false ? 'off' : 'on',
      }),
      textField({
        block: 'largest',
        label: form.largest,
        maxLength: 9,
        initial: own.maxFileBytes === null ? '' : String(Math.round(own.maxFileBytes / MB)),
        placeholder: form.defaultNumber(sizeInWords(defaults.maxFileBytes)),
      }),
      textField({
        block: 'days',
        label: form.days,
        hint: form.daysHint,
        maxLength: 6,
        initial: own.retentionDays === null ? '' : String(own.retentionDays),
        placeholder: form.defaultNumber(days),
      }),
      selectField({
        block: 'may_keep',
        label: form.mayKeep,
        hint: form.mayKeepHint,
        required: true,
        choices: [
          { text: form.mayKeepOff, value: 'off' },
          { text: form.mayKeepOn, value: 'on' },
        ],
        chosen: own.mayKeep === true ? 'on' : 'off',
      }),
      selectField({
        block: 'slack_delete',
        label: form.slackDelete,
        required: true,
        choices: [
          asDefault(defaults.onSlackDelete === 'keep' ? form.slackKeep : form.slackTrash),
          { text: form.slackKeep, value: 'keep' },
          { text: form.slackTrash, value: 'trash' },
        ],
        chosen: own.onSlackDelete ?? AS_DEFAULT,
      }),
      selectField({
        ...{ block: 'external', label: outsiders.label, hint: outsiders.hint, required: true },
        choices: [
          asDefault(outsiders[defaults.external ?? 'keep']),
          { text: outsiders.keep, value: 'keep' },
          { text: outsiders.record, value: 'record' },
        ],
        chosen: own.external ?? AS_DEFAULT,
      }),
      selectField({
        ...{ block: 'text', label: texts.label, hint: texts.hint, required: true },
        choices: [
          asDefault(texts[defaults.text ?? 'off']),
          ...TEXTS.map((mode) => ({ text: texts[mode], value: mode })),
        ],
        chosen: own.text ?? AS_DEFAULT,
      }),
      selectField({
        ...{ block: 'bookmark', label: mark.label, hint: mark.hint, required: true },
        choices: [
          { text: mark.off, value: 'off' },
          { text: mark.on, value: 'on' },
        ],
        chosen: own.bookmark ? 'on' : 'off',
      }),
    ],
  };
}

/** The second question, if saving would send files to the trash. */
export function rulesSureView(o: {
  channelId: string;
  own: Overrides;
  days: number;
  files: number;
  atLeast: boolean;
}): ModalView {
  return {
    type: 'modal',
    callback_id: 'rules_sure',
    private_metadata: JSON.stringify({ channelId: o.channelId, own: o.own }),
    title: plain(form.sure, limits.viewTitle),
    submit: plain(form.submit, limits.viewButton),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      section(form.wouldGo(o.files, o.atLeast, o.days)),
      context(`${form.wouldGoHint} ${form.nobodyElse}`),
    ],
  };
}

/** Shown after saving, with what is in the way of the bookmark, if anything is. */
export function rulesSavedScreen(o: {
  changed: boolean;
  problem?: keyof typeof mark.problems | null;
}): Screen {
  const text = o.changed ? form.saved : form.unchanged;
  return { text, blocks: [section(text), ...(o.problem ? [section(mark.problems[o.problem])] : [])] };
}
