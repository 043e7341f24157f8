/** Where the malware scanner listens. */
export type ScanAddress = { kind: 'tcp'; host: string; port: number } | { kind: 'socket'; path: string };

/** The port that clamd.conf(5) proposes for TCPSocket. */
const CLAMD_PORT = 3310;

/**
 * Reads `clamd://host:port`, `clamd:///run/clamav/clamd.ctl` or `unix:/run/clamav/clamd.ctl`; undefined for any other
 * text. An IPv6 address stands in brackets.
 */
export function parseScanAddress(text: string): ScanAddress | undefined {
  const path = /^(?:clamd:\/\/|unix:(?:\/\/)?)(\/[^\0?#]+)$/.exec(text)?.[1];
  if (path !== undefined) return { kind: 'socket', path };
  const [, host, port] = /^clamd:\/\/(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?\/?$/i.exec(text) ?? [];
  if (host === undefined) return undefined;
  const number = port === undefined ? CLAMD_PORT : Number(port);
  if (number < 1 || number > 65_535) return undefined;
  return { kind: 'tcp', host: host.replace(/^\[(.+)\]$/, '$1'), port: number };
}

/** The same for a log line. */
export function addressInWords(address: ScanAddress): string {
  return address.kind === 'socket' ? address.path : `${address.host}:${address.port}`;
}
