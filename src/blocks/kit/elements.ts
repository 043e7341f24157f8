/** The few Block Kit pieces that make up the screens, each within its limits. */
import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  Overflow,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { cutEnd, limits } from './limits.ts';

/** A message: notifications and screen readers say `text`, people see `blocks`. */
export interface Screen {
  text: string;
  blocks: KnownBlock[];
}

/** Plain text keeps its colons: `:tada:.pdf` is a file name, not a party. */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: cutEnd(text, max), emoji: false };
}

/** With `verbatim`, Slack does not turn words into links and mentions. `text` is at most 3,000 units. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

export function section(text: string, accessory?: Button | Overflow): SectionBlock {
  return accessory
    ? { type: 'section', text: mrkdwn(text), accessory }
    : { type: 'section', text: mrkdwn(text) };
}

/** Small grey text. */
export function context(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(text)] };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, limits.headerText) };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

/** Buttons and menus in a row; no row when there are none, because Slack refuses an empty one. */
export function actions(buttons: ActionsBlock['elements']): ActionsBlock[] {
  return buttons.length > 0 ? [{ type: 'actions', elements: buttons.slice(0, limits.actionsElements) }] : [];
}

export interface ButtonParts {
  actionId: string;
  text: string;
  /** What a screen reader says instead of the short `text`. */
  label: string;
  value?: string;
  url?: string;
  style?: 'primary' | 'danger';
  confirm?: ConfirmationDialog;
}

export function button({ actionId, text, label, ...rest }: ButtonParts): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plain(text, limits.buttonText),
    accessibility_label: cutEnd(label, limits.accessibilityLabel),
    ...rest,
  };
}

export interface ConfirmParts {
  title: string;
  text: string;
  confirm: string;
  deny: string;
}

/** The question before an action with immediate effect. Plain text, so that a name shows exactly. */
export function confirmDanger({ title, text, confirm, deny }: ConfirmParts): ConfirmationDialog {
  return {
    title: plain(title, limits.confirmTitle),
    text: plain(text, limits.confirmText),
    confirm: plain(confirm, limits.confirmButton),
    deny: plain(deny, limits.confirmButton),
    style: 'danger',
  };
}

/** Lines in as few sections as possible. No line is cut; each is at most 3,000 units long. */
export function sectionsOf(lines: string[], between = '\n'): SectionBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + between.length + line.length <= limits.sectionText) {
      texts[texts.length - 1] = last + between + line;
    } else {
      texts.push(line);
    }
  }
  return texts.map((text) => section(text));
}

/** The first `max` of `items`, and how many are left over. */
export function firstOf<T>(items: readonly T[], max: number): { shown: T[]; more: number } {
  return { shown: items.slice(0, max), more: Math.max(0, items.length - max) };
}
