/** Why no connection could be made, when a person can mend it: a proxy in between, or a certificate nobody trusts. */

export type ProxyErrorCode = 'proxy_unreachable' | 'proxy_credentials' | 'proxy_refused' | 'proxy_failed';

/** The proxy did not let a connection through. The message names the proxy and its variable, and no secret. */
export class ProxyError extends Error {
  readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProxyError';
    this.code = code;
  }
}

export interface ConnectionProblem {
  kind: 'proxy' | 'trust';
  /** One word that programs can compare: a `ProxyErrorCode`, or OpenSSL's word for what is wrong. */
  code: string;
  /** One sentence that says what to do. */
  sentence: string;
  /** It may pass by itself: the proxy is down or cannot reach the server, or a TLS connection broke. */
  passing: boolean;
}

/** Whom the connection was to reach. */
export interface Peer {
  /** As it begins a sentence: `Slack`, `The bucket's store at minio:9000`. */
  what: string;
  /** The variable that says where it is. */
  setting: string;
}

/** Causes of causes are looked through, but not for ever. */
const DEEPEST = 8;

const PASSING_PROXY: ReadonlySet<string> = new Set<ProxyErrorCode>(['proxy_unreachable', 'proxy_failed']);

/**
 * Finds in an error, and in what caused it, a proxy that let nothing through or a certificate that is not trusted, and
 * says it in one sentence. Undefined when it is something else.
 */
export function connectionProblem(error: unknown, peer: Peer): ConnectionProblem | undefined {
  let at: unknown = error;
  for (let depth = 0; depth < DEEPEST && typeof at === 'object' && at !== null; depth += 1) {
    if (at instanceof ProxyError) {
      const { code, message } = at;
      return { kind: 'proxy', code, sentence: message, passing: PASSING_PROXY.has(code) };
    }
    const code = String((at as { code?: unknown }).code ?? '');
    const sentence = trustSentence(code, peer, String((at as { message?: unknown }).message ?? ''));
    if (sentence !== undefined) return { kind: 'trust', code, sentence, passing: false };
    const broken = brokenSentence(code, peer);
    if (broken !== undefined) return { kind: 'trust', code, sentence: broken, passing: true };
    // Where several addresses were tried, each has an error of its own.
    const { cause, original, errors } = at as { cause?: unknown; original?: unknown; errors?: unknown[] };
    at = cause ?? original ?? errors?.[0];
  }
  return undefined;
}

/** OpenSSL's words, as Node gives them: nodejs.org/api/tls.html#x509-certificate-error-codes. */
const UNKNOWN_ISSUER = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
]);
const BAD_CERTIFICATE = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
]);

function trustSentence(code: string, { what, setting }: Peer, message: string): string | undefined {
  const inside = insideOf(what);
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT')
    return `${what} shows a certificate that it signed itself (${code}): set NODE_EXTRA_CA_CERTS to a file with that certificate (PEM), or correct ${setting}.`;
  if (UNKNOWN_ISSUER.has(code))
    return `${what} shows a certificate from an issuer that is not trusted here (${code}): set NODE_EXTRA_CA_CERTS to a file with the issuer's CA certificate (PEM), or NODE_USE_SYSTEM_CA=1 if this system trusts it already; a proxy that reads TLS has a CA of its own. Else correct ${setting}.`;
  if (code === 'CERT_HAS_EXPIRED')
    return `The certificate of ${inside} has expired (${code}): renew it there, set this machine's clock right if it is wrong, or correct ${setting}.`;
  if (code === 'CERT_NOT_YET_VALID')
    return `The certificate of ${inside} is not valid yet (${code}): set this machine's clock right if it is wrong, or correct ${setting}.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH')
    return `The certificate of ${inside} is for another host name (${code}): write a name in ${setting} that the certificate has, or give the server one for this name.`;
  if (BAD_CERTIFICATE.has(code))
    return `The certificate of ${inside} cannot be trusted (${code}): have it made anew, or correct ${setting}.`;
  // Older Nodes say only EPROTO, with OpenSSL's words in the message.
  if (
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL)$/.test(code) ||
    (code === 'EPROTO' && /wrong version number|packet length too long|http request/i.test(message))
  )
    return `${what} does not speak TLS at this address (${code}): write the scheme and port in ${setting} that the server has.`;
  return undefined;
}

/** TLS that cannot be agreed on, or that broke under way: from the word alone, nobody can tell. */
function brokenSentence(code: string, { what, setting }: Peer): string | undefined {
  if (code !== 'EPROTO' && !/^ERR_SSL_/.test(code)) return undefined;
  return `The TLS connection to ${insideOf(what)} failed (${code}); it will be tried again. If this lasts, look at the server's TLS versions and certificate, or correct ${setting}.`;
}

/** The name as it stands inside a sentence. */
const insideOf = (what: string) => what.replace(/^The /, 'the ');
