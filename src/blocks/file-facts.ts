import type { KnownBlock } from '@slack/types';
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { context, plain, section } from './kit/elements.ts';
import { cutEnd, limits, nameLength } from './kit/limits.ts';
import { linkTo, safeLink } from './kit/links.ts';
import { escapeMrkdwn, quietName, visibleName } from './kit/mrkdwn.ts';
import { kinds as words } from './text/wording-kinds.ts';

/** How much of a transcript is shown. */
const TRANSCRIPT = 1_500;

/** The e-mail that a file was attached to. */
export type Mail = Pick<FileRow, 'name' | 'title' | 'permalink'>;

/** Special facts about a file, besides its description; nothing for an ordinary one. */
export function fileFacts(
  { facts, state }: Pick<FileRow, 'facts' | 'state'>,
  mail: Mail | null,
): KnownBlock[] {
  const isKept = state === 'stored' || state === 'trashed';
  const { mailBody, listRows } = facts;
  const lines = [
    mail === null ? '' : `:email: ${words.attachedTo(mailLink(mail))}`,
    facts.outside ? `:globe_with_meridians: ${words.outside}` : '',
    facts.attachmentsMissing ? `:warning: ${words.attachmentsMissing(facts.attachmentsMissing)}` : '',
    ...(isKept
      ? [
          facts.transcode ? `:information_source: ${words.transcode}` : '',
          mailBody && mailBody !== 'page' ? `:information_source: ${words.mailBody[mailBody]}` : '',
          listRows ? `:information_source: ${words.listRows[listRows]}` : '',
          facts.blank ? `:information_source: ${words.blank}` : '',
        ]
      : []),
  ];
  return [...lines.filter((line) => line !== '').map((line) => context(line)), ...said(facts.transcript)];
}

function said(transcript: string | undefined): KnownBlock[] {
  if (!transcript) return [];
  // Plain text: words that somebody says are never formatting or a mention.
  const text = visibleName(cutEnd(transcript.replace(/\s+/g, ' '), TRANSCRIPT), TRANSCRIPT);
  return [section(words.transcript), { type: 'section', text: plain(text, limits.sectionText) }];
}

/** The mail's name, with a link to its page in Slack if that is known. */
function mailLink(mail: Mail): string {
  const name = visibleName(nameOf(mail), nameLength.line);
  const url = safeLink(mail.permalink);
  if (url === null) return quietName(name, nameLength.line);
  return linkTo(url, escapeMrkdwn(name).replaceAll('|', '\u00a6'));
}
