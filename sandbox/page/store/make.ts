import type { FileContent, PageFile } from '../../slack/page-api.ts';
import { get, post } from './api.ts';

/** What people make in Slack itself, and change there: canvases, lists, links, e-mails. */

export interface ListTable {
  title: string;
  columns: string[];
  rows: string[][];
}

async function made(user: string, body: object): Promise<PageFile> {
  return (await post<{ file: PageFile }>('make', { user, ...body })).file;
}

/** Makes a file that is not shared yet. */
export const make = {
  canvas: (user: string, title: string, html: string) => made(user, { kind: 'canvas', title, html }),
  list: (user: string, list: ListTable) => made(user, { kind: 'list', ...list }),
  link: (user: string, link: { type: string; name: string; url: string }) =>
    made(user, { kind: 'link', ...link }),
};

/** Gives a channel the canvas of its tab. */
export async function makeChannelCanvas(
  user: string,
  channel: string,
  title: string,
  html: string,
): Promise<PageFile> {
  return (await post<{ file: PageFile }>('channel-canvas', { user, channel, title, html })).file;
}

/** What stands in a canvas or a list, to be edited. */
export function contentOf(user: string, id: string): Promise<FileContent> {
  return get<FileContent>(`file-content/${encodeURIComponent(id)}`, user);
}

/** Saves an edit; Slack tells apps of it with `file_change`. */
export function editFile(user: string, file_id: string, change: Partial<FileContent>): Promise<unknown> {
  return post('edit-file', { user, file_id, ...change });
}

export interface Mail {
  subject: string;
  from: string;
  text: string;
  attachments: File[];
}

/** Sends an e-mail to a channel's address. */
export async function sendMail(user: string, channel: string, mail: Mail): Promise<void> {
  const attachments = await Promise.all(
    mail.attachments.map(async (file) => ({
      filename: file.name,
      mimetype: file.type || 'application/octet-stream',
      content: await base64(file),
    })),
  );
  const { subject, from, text } = mail;
  await post('mail', { user, channel, subject, from, plain: text, attachments });
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(new Error(`${file.name} cannot be read`));
    reader.readAsDataURL(file);
  });
}
