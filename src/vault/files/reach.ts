/** Slack on the internet cannot reach a private network; the sandbox's Slack runs on this machine and can. */
export function reachableFrom(slackHost: string, bucketHost: string): boolean {
  return isPrivate(slackHost) || !isPrivate(bucketHost);
}

/** Names without a dot, special-use names (RFC 6761, RFC 8375), and private addresses (RFC 1918, RFC 4193). */
function isPrivate(host: string): boolean {
  if (/^\[/.test(host)) return /^\[(::1|f[cd]|fe8)/i.test(host);
  if (/^\d+(\.\d+){3}$/.test(host)) {
    return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  }
  return !host.includes('.') || /\.(localhost|local|internal|home\.arpa|test)$/i.test(host);
}
