import { createHash } from 'node:crypto';
import type { MailBody } from '../capture/other-bodies.ts';
import type { FileFacts, SharedFile, SkipReason } from '../catalog/model.ts';
import { kindOf } from '../file-kinds.ts';
import { endingOf, writtenEnding } from '../file-names.ts';
import type { MailAttachment, ReadFile, SlackFile } from './file-shape.ts';
import { objectsOf, textOf } from './shapes.ts';

/**
 * The attachments of an e-mail, each as a file of its own, in Slack's order; empty for other files. Addresses and order
 * may change, so the ids are made from what stays: the e-mail's id, the attachment's name and size, and its place among
 * equal ones. So an attachment has the same id every time the e-mail is seen.
 */
export function attachmentsOf(mail: SharedFile, object: SlackFile): ReadFile[] {
  if (kindOf(mail) !== 'email') return [];
  const seen = new Map<string, number>();
  return objectsOf<MailAttachment>(object.attachments).map((attachment) => {
    const same = JSON.stringify([textOf(attachment.filename) ?? '', sizeOf(attachment)]);
    const nth = seen.get(same) ?? 0;
    seen.set(same, nth + 1);
    const digest = createHash('sha256').update(`${same}${nth}`).digest('hex').slice(0, 8).toUpperCase();
    return readAttachment(mail, `${mail.fileId}-${digest}`, attachment);
  });
}

function readAttachment(mail: SharedFile, fileId: string, attachment: MailAttachment): ReadFile {
  const mimetype = textOf(attachment.mimetype);
  const ending = endingOf(mimetype);
  const name = textOf(attachment.filename) ?? `Attachment${ending === null ? '' : `.${ending}`}`;
  const url = textOf(attachment.url);
  const usable = url !== null && URL.canParse(url) ? url : null;
  const skip: SkipReason | undefined = usable === null ? 'no_content' : undefined;
  const { teamId, uploaderId, createdAt, permalink } = mail;
  return {
    file: {
      ...{ teamId, fileId, parentId: mail.fileId, name, title: null, mimetype },
      filetype: writtenEnding(name) ?? ending,
      // Its bytes are as they were sent, with any name.
      mode: 'hosted',
      size: sizeOf(attachment),
      ...{ uploaderId, createdAt, url: usable, externalUrl: null, permalink },
      // If the size is missing, the length of the download answer counts.
      complete: usable !== null,
    },
    ...(skip === undefined ? {} : { skip }),
  };
}

/** How many attachments of an e-mail Slack counts but does not offer; null when Slack gives no count. */
export function attachmentsMissing(object: SlackFile): number | null {
  const { original_attachment_count: count } = object;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count <= 0) return null;
  return Math.max(0, count - objectsOf(object.attachments).length);
}

/** So much of an e-mail's text is searched. In letters. */
const MOST_TEXT = 10_000;
const MOST_SENDERS = 5;

/** Who sent an e-mail, and what it says, as far as its file object tells. */
export function mailFacts(object: SlackFile): Pick<FileFacts, 'mailFrom' | 'mailText'> {
  const from = objectsOf<{ name?: unknown; address?: unknown; original?: unknown }>(object.from)
    .slice(0, MOST_SENDERS)
    .map(({ name, address, original }) => {
      const told = [textOf(name), textOf(address)].filter((one) => one !== null);
      return [...new Set(told)].join(' ') || textOf(original);
    })
    .filter((one) => one !== null);
  const preview = textOf(object.preview_plain_text) ?? textOf(object.preview)?.replace(/<[^<>]*>/g, ' ');
  const text = (textOf(object.plain_text) ?? preview)?.slice(0, MOST_TEXT).toWellFormed().trim();
  return {
    ...(from.length === 0 ? {} : { mailFrom: from.join(', ').slice(0, 500).toWellFormed() }),
    ...(text ? { mailText: text } : {}),
  };
}

/** The text of an e-mail in its file object, in the best form there is. Used when Slack does not give its page. */
export function mailText(object: SlackFile): MailBody | null {
  const html = textOf(object.simplified_html);
  if (html !== null) return { form: 'html', type: 'text/html', text: html };
  const plain = textOf(object.plain_text);
  if (plain !== null) return { form: 'plain', type: 'text/plain', text: plain };
  const preview = textOf(object.preview) ?? textOf(object.preview_plain_text);
  if (preview === null) return null;
  const isHtml = /<[a-z][^<>]*>/i.test(preview);
  return { form: 'preview', type: isHtml ? 'text/html' : 'text/plain', text: preview };
}

function sizeOf({ size }: MailAttachment): number | null {
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null;
}
