/** E-mails sent to a channel's address: Slackbot posts each as one file, without files for its attachments. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createFile } from '../files.ts';
import { newId } from '../ids.ts';
import { postMessage } from '../messages.ts';
import type { ChannelRecord } from '../types.ts';
import type { World } from '../world.ts';
import type { MailAddress, MailFacts } from './facts.ts';
import { partPath } from './serve.ts';
import { MAIL_BOT } from './shown.ts';

export interface NewMail {
  subject: string;
  /** `Name <address>` or an address. */
  from?: string;
  html?: string;
  plain?: string;
  attachments?: Array<{
    filename: string;
    mimetype: string;
    content: string | Uint8Array;
    /** Shown in the body, as a signature's picture is. */
    inline?: boolean;
  }>;
  /** What the URL of the body gives: the mail (default), the sign-in page, or another page of Slack's. */
  body?: 'mail' | 'sign_in' | 'web_page';
}

/**
 * Brings a mail into a channel. `size` counts the attachments too: a recording has 586,708 for a mail with two of 501,203
 * together. One recording; our reading that it is always so.
 */
export function receiveMail(
  world: World,
  channel: ChannelRecord,
  mail: NewMail,
): { ts: string; fileId: string } {
  const id = newId('F');
  const plain = mail.plain ?? (mail.html ?? '').replace(/<[^>]*>/g, ' ').trim();
  const html = mail.html ?? `<p>${plain}</p>`;
  const body = `<html><head><meta charset="utf-8"></head><body>${html}</body></html>`;
  writeFileSync(world.state.filePath(id), body);
  const first = randomBytes(5).toString('hex');
  const attachments = (mail.attachments ?? []).map(({ filename, mimetype, content, inline = false }) => {
    const hash = `${first}-${randomBytes(4).toString('hex')}`;
    const bytes = Buffer.from(content);
    writeFileSync(partPath(world, { id }, hash), bytes);
    return { filename, mimetype, inline, hash, size: bytes.length };
  });
  const facts: MailFacts = {
    subject: mail.subject,
    from: addressOf(mail.from ?? 'Pat Sender <pat@example.com>'),
    to: { address: `${channel.name}@example.com`, name: channel.name, original: channel.name },
    plain,
    html,
    body: mail.body ?? 'mail',
    message_id: `<${id}@example.com>`,
    attachments,
  };
  createFile(world, {
    id,
    name: mail.subject,
    user: 'USLACKBOT',
    size: Buffer.byteLength(body) + attachments.reduce((sum, one) => sum + one.size, 0),
    mode: 'email',
    mimetype: 'text/html',
    filetype: 'email',
    pretty_type: 'Email',
    mail: facts,
  });
  const sender = { bot_id: MAIL_BOT, display_as_bot: true };
  const { ts } = postMessage(world, {
    channel: channel.id,
    user: 'USLACKBOT',
    text: '',
    files: [id],
    sender,
  });
  return { ts, fileId: id };
}

function addressOf(original: string): MailAddress {
  const [, name = '', address = original] = /^(.*?)\s*<([^>]*)>$/.exec(original) ?? [];
  return { address, name: name || address, original };
}
