export interface Service {
  kind: 'gdrive' | 'dropbox' | 'onedrive' | 'remote';
  name: string;
  /** Hosts of its addresses. */
  hosts: RegExp;
  example: string;
}

/**
 * Services whose files Slack only links to.
 * Source: `external_type` in Slack's file object (docs.slack.dev, reference/objects/file-object) names gdrive, dropbox
 * and onedrive; what an app shares with `files.remote.add` is a remote file.
 */
export const SERVICES: Service[] = [
  {
    ...{ kind: 'gdrive', name: 'Google Drive', hosts: /(^|\.)(docs|drive|sheets|slides)\.google\.com$/ },
    example: 'https://docs.google.com/document/d/abc/edit',
  },
  {
    ...{ kind: 'dropbox', name: 'Dropbox', hosts: /(^|\.)dropbox\.com$/ },
    example: 'https://www.dropbox.com/s/abc/plan.pdf',
  },
  {
    ...{ kind: 'onedrive', name: 'OneDrive', hosts: /(^|\.)(1drv\.ms|onedrive\.live\.com|sharepoint\.com)$/ },
    example: 'https://1drv.ms/w/s!abc',
  },
  { kind: 'remote', name: 'Another app', hosts: /^$/, example: 'https://wiki.example/plan' },
];

/** What people call the service behind an address; for other services, the host. */
export function serviceName(url: string): string {
  let host: string;
  try {
    host = new URL(url).host.toLowerCase();
  } catch {
    return 'Another app';
  }
  return SERVICES.find((one) => one.hosts.test(host))?.name ?? host;
}
