import type { ModalView } from '@slack/types';
import type { Overrides, Rules } from '../catalog/governance/rule-model.ts';
import type { ConfirmMode } from '../catalog/model.ts';
import type { UnkeptSums } from '../catalog/totals/stats.ts';
import { button, context, plain, type Screen, section } from './kit/elements.ts';
import { selectField, textField } from './kit/inputs.ts';
import { limits } from './kit/limits.ts';
import { channel, code, day, moment, person } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, common } from './text/wording.ts';
import { rulesForm as form, ruleNews, channelRules as words } from './text/wording-govern.ts';
import { unkeptInWords } from './text/wording-unkept.ts';

const TYPES_SHOWN = 20;
export const MB = 1024 * 1024;
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
}

/** `/vault channel`: whether and how a channel is kept. */
export function channelScreen(input: ChannelInput): Screen {
  const { channelId, rules, own, changedBy, changedAt, mayChange } = input;
  const where = channel(channelId);
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
      section(words.title(where), mayChange ? change : undefined),
      section(
        [standing(input), words.totals(input.files, input.bytes), unkeptInWords(input.unkept)]
          .filter((line) => line !== '')
          .join('\n'),
      ),
      section(ruleLines(rules, own).join('\n')),
      ...(input.holds > 0 ? [context(words.held(input.holds))] : []),
      context(
        isOwn && changedBy !== null ? words.changed(person(changedBy), moment(changedAt)) : words.defaults,
      ),
      ...(rules.capture ? [] : [context(words.backfillHint)]),
    ],
  };
}

function standing({ rules, isMember, since }: ChannelInput): string {
  if (!isMember) return words.notIn;
  if (!rules.capture) return words.off;
  return since === null ? words.keptUnknown : words.kept(day(since));
}

function ruleLines(rules: Rules, own: Overrides): string[] {
  const mark = (line: string, value: unknown) => (value === null ? line : `${line} (${words.own})`);
  return [
    mark(words.confirm(rules.confirm), own.confirm),
    mark(
      rules.excludeTypes.size === 0 ? words.noTypes : words.types(typesInWords([...rules.excludeTypes])),
      own.excludeTypes,
    ),
    ...(rules.tellExcluded !== false ? [] : [mark(words.notTold, own.tellExcluded ?? null)]),
    mark(words.largest(rules.maxFileBytes), own.maxFileBytes),
    mark(words.retention(rules.retentionDays), own.retentionDays),
    mark(words.onSlackDelete(rules.onSlackDelete), own.onSlackDelete),
  ];
}

function typesInWords(types: string[]): string {
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
          ...MODES.map((mode) => ({ text: words.confirmNames[mode], value: mode })),
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

/** Shown after saving. */
export function rulesSavedScreen({ changed }: { changed: boolean }): Screen {
  const text = changed ? form.saved : form.unchanged;
  return { text, blocks: [section(text)] };
}

/** What the channel is told after its rules were changed. */
export function rulesMessage({ news }: { news: RuleNews[] }): Screen {
  const lines = news.slice(-20).map(({ actorId, changes }) => {
    const words = changesInWords(changes);
    return ruleNews.title(person(actorId), words.join(', '));
  });
  return { text: lines.at(-1) ?? form.saved, blocks: lines.map((line) => section(line)) };
}

export interface RuleNews {
  actorId: string | null;
  changes: Partial<Overrides>;
}

function changesInWords(changes: Partial<Overrides>): string[] {
  const { capture, confirm, excludeTypes, maxFileBytes, retentionDays, onSlackDelete, tellExcluded } =
    changes;
  return [
    capture === undefined ? '' : ruleNews.capture(capture),
    confirm === undefined ? '' : ruleNews.confirm(confirm),
    excludeTypes === undefined ? '' : ruleNews.types(excludeTypes, typesInWords(excludeTypes ?? [])),
    tellExcluded === undefined ? '' : ruleNews.tellExcluded(tellExcluded),
    maxFileBytes === undefined ? '' : ruleNews.largest(maxFileBytes),
    retentionDays === undefined ? '' : ruleNews.days(retentionDays),
    onSlackDelete === undefined ? '' : ruleNews.slackDelete(onSlackDelete),
  ].filter((word) => word !== '');
}

/** What the channel is told when files went to the trash because their time was over. */
export function expiryMessage({ files }: { files: number }): Screen {
  const text = ruleNews.expired(files);
  return { text, blocks: [section(text), context(ruleNews.expiredHint)] };
}
