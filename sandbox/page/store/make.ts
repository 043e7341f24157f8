import type { EditableFile, EditFileRequest, LinkRequest, PageFile } from '../../slack/page-api.ts';
import { get, post } from './api.ts';

/** What people make in Slack itself, and change there: channels, canvases, lists, links, e-mails. */

export interface ListTable {
  title: string;
  columns: string[];
  rows: string[][];
}

async function made(user: string, path: string, body: object): Promise<PageFile> {
  return (await post<{ file: PageFile }>(path, { user, ...body })).file;
}

/** Makes a file that is not shared yet. */
export const make = {
  canvas: (user: string, title: string, html: string) =>
    made(user, 'canvas', { title, ...(html === '' ? {} : { html }) }),
  list: (user: string, list: ListTable) => made(user, 'list', list),
  link: (user: string, link: Pick<LinkRequest, 'kind' | 'name' | 'url'>) => made(user, 'link', link),
};

/** Gives a channel the canvas on its tab. */
export function makeChannelCanvas(
  user: string,
  channel: string,
  title: string,
  html: string,
): Promise<unknown> {
  return post('canvas', { user, channel, title, html, tab: true });
}

/** Makes a channel with this person in it; returns its id. */
export async function makeChannel(user: string, name: string, isPrivate: boolean): Promise<string> {
  return (await post<{ channel: string }>('channel', { user, name, private: isPrivate })).channel;
}

/** The content of a canvas or a list, for editing. */
export function contentOf(user: string, id: string): Promise<EditableFile> {
  return get<EditableFile>(`editable/${encodeURIComponent(id)}`, user);
}

/** Saves an edit; Slack tells apps of it with `file_change`. */
export function editFile(
  user: string,
  file_id: string,
  change: Omit<EditFileRequest, 'user' | 'file_id'>,
): Promise<unknown> {
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
      content_base64: await base64(file),
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
