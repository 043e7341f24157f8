export interface Service {
  /** Slack's own word, as in a file's `external_type`. */
  type: string;
  name: string;
  example: string;
}

/**
 * Services whose files Slack only links to.
 * Source: `external_type` in Slack's file object (docs.slack.dev, reference/objects/file-object) names gdrive, dropbox
 * and onedrive; what an app shares with `files.remote.add` is a remote file.
 */
export const SERVICES: Service[] = [
  { type: 'gdrive', name: 'Google Drive', example: 'https://docs.google.com/document/d/abc/edit' },
  { type: 'dropbox', name: 'Dropbox', example: 'https://www.dropbox.com/s/abc/plan.pdf' },
  { type: 'onedrive', name: 'OneDrive', example: 'https://1drv.ms/w/s!abc' },
  { type: 'remote', name: 'Another app', example: 'https://example.com/plan' },
];

/** What people call a service; the host of the address where Slack has no name for it. */
export function serviceName(type: string, url: string): string {
  const known = SERVICES.find((one) => one.type === type && type !== 'remote');
  if (known) return known.name;
  try {
    return new URL(url).host;
  } catch {
    return 'Another app';
  }
}
