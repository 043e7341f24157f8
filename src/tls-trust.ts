/**
 * What Node says of a certificate that this machine does not trust, or that is another host's. Trust is read only at
 * the start of the process, so no waiting helps. A certificate that ran out is not among them: it may be renewed.
 * Source: nodejs.org/api/tls.html, "X509 certificate error codes".
 */
const UNTRUSTED = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Errors wrap each other a few times at most. */
const DEEPEST = 6;

/** The code of the certificate's problem, if a certificate that is not trusted is behind this error; else null. */
export function untrustedCertificate(error: unknown): string | null {
  let inner = error as { code?: unknown; cause?: unknown } | null | undefined;
  for (let depth = 0; depth < DEEPEST && typeof inner === 'object' && inner !== null; depth += 1) {
    if (typeof inner.code === 'string' && UNTRUSTED.has(inner.code)) return inner.code;
    inner = inner.cause as typeof inner;
  }
  return null;
}
