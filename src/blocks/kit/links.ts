/** Addresses that came with a file, made safe for buttons and for text. */
import type { FileRow } from '../../catalog/model.ts';
import { limits } from './limits.ts';
import { escapeMrkdwn } from './mrkdwn.ts';

/** The address as a browser reads it, if a browser opens it and a button accepts it; else null. */
export function safeLink(url: string | null): string | null {
  if (url === null || !/^https?:\/\//i.test(url.trim()) || !URL.canParse(url)) return null;
  const { href } = new URL(url);
  return href.length <= limits.buttonUrl ? href : null;
}

/** A link in mrkdwn; `url` must come from {@link safeLink}. A `|` would end the address. */
export function linkTo(url: string, text: string): string {
  return `<${escapeMrkdwn(url.replaceAll('|', '%7C'))}|${text}>`;
}

/**
 * Slack's names for Google's own types. Source: others' recordings of shared Google files (`filetype` `gdoc`,
 * `mimetype` `application/vnd.google-apps.document`, `external_type` `gdrive`).
 */
const GOOGLE_TYPE = /^g(doc|sheet|pres|draw|form|slide|map|site)s?$/i;
const GOOGLE_MIMETYPE = /^application\/vnd\.google-apps\./i;

/** Services that people share links to, by the end of the host name. */
const SERVICES: Record<string, string> = {
  'docs.google.com': 'Google Drive',
  'drive.google.com': 'Google Drive',
  'sheets.google.com': 'Google Drive',
  'slides.google.com': 'Google Drive',
  'forms.gle': 'Google Drive',
  'photos.google.com': 'Google Photos',
  'dropbox.com': 'Dropbox',
  'dropboxusercontent.com': 'Dropbox',
  'db.tt': 'Dropbox',
  'onedrive.live.com': 'OneDrive',
  'onedrive.com': 'OneDrive',
  '1drv.ms': 'OneDrive',
  'sharepoint.com': 'SharePoint',
  'box.com': 'Box',
  'box.net': 'Box',
  'icloud.com': 'iCloud',
  'office.com': 'Microsoft 365',
  'figma.com': 'Figma',
  'miro.com': 'Miro',
  'notion.so': 'Notion',
  'notion.site': 'Notion',
  'atlassian.net': 'Atlassian',
  'github.com': 'GitHub',
  'gitlab.com': 'GitLab',
  'airtable.com': 'Airtable',
  'quip.com': 'Quip',
  'canva.com': 'Canva',
  'loom.com': 'Loom',
  'youtube.com': 'YouTube',
  'youtu.be': 'YouTube',
  'vimeo.com': 'Vimeo',
  'wetransfer.com': 'WeTransfer',
  'we.tl': 'WeTransfer',
};

/** The service of a file that Slack knows only as a link, e.g. `Google Drive`; null if it is not known. */
export function serviceOf({
  externalUrl,
  filetype,
  mimetype,
}: Pick<FileRow, 'externalUrl' | 'filetype' | 'mimetype'>): string | null {
  const url = safeLink(externalUrl);
  const host = url === null ? '' : new URL(url).hostname;
  // A person's OneDrive at work is a SharePoint site whose name ends like this.
  if (/-my\.sharepoint\.com$/.test(host)) return 'OneDrive';
  const labels = host.split('.');
  for (let i = 0; i < labels.length - 1; i++) {
    const end = labels.slice(i).join('.');
    if (Object.hasOwn(SERVICES, end)) return SERVICES[end] as string;
  }
  const isGoogle = GOOGLE_TYPE.test(filetype ?? '') || GOOGLE_MIMETYPE.test(mimetype ?? '');
  return isGoogle ? 'Google Drive' : null;
}
