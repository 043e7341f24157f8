import type { BucketPlace, StorageErrorCode } from './error-codes.ts';
import type { Failure } from './error-facts.ts';

/** A failure in one word for programs and one sentence for people. */
export interface Explained {
  code: StorageErrorCode;
  sentence: string;
}

/** Null when the failure is another one. */
export type Reason = (failure: Failure, place: BucketPlace) => Explained | null;

/** How the bucket's store is called in sentences. */
export function where(place: BucketPlace): string {
  return place.endpointHost ? `The bucket's store at ${place.endpointHost}` : 'S3';
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_SOCKET',
]);

/** The certificate is signed by somebody whom Node does not know: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

/** No answer came, or not in time. The SDK also calls a reset connection a time-out, so the codes are looked at first. */
export function silence({ name, code }: Failure, place: BucketPlace): Explained | null {
  if (UNREACHABLE.has(code))
    return {
      code: 'bucket_unreachable',
      sentence: `${where(place)} could not be reached (${code}); check AWS_ENDPOINT_URL_S3 and the network.`,
    };
  if (name !== 'TimeoutError' && code !== 'ETIMEDOUT' && !/^UND_ERR_\w+_TIMEOUT$/.test(code)) return null;
  return {
    code: 'bucket_stalled',
    sentence: `${where(place)} did not answer in time; if this lasts, check AWS_ENDPOINT_URL_S3 and the network.`,
  };
}

/** An HTML page is no answer of S3: a console's port, a login page, a firewall. */
export function notS3({ status, headers, message, name }: Failure, place: BucketPlace): Explained | null {
  const isPage = status !== null && /^text\/html/i.test(headers['content-type'] ?? '');
  // S3 itself and every store that speaks it says its errors in XML, with a name of their own.
  const isUnread = status !== null && status < 300 && /deserialization error/i.test(message);
  if (isUnread || (isPage && status < 300))
    return {
      code: 'bucket_not_s3',
      sentence: `What answers at ${place.endpointHost ?? 'the address of S3'} is not S3 (${isPage ? 'a web page' : 'no XML'} came); check AWS_ENDPOINT_URL_S3: a store's console often has another port than its S3.`,
    };
  if (
    !isPage ||
    status >= 500 ||
    status === 404 ||
    !/^(UnknownError|Unknown|NotFound|\d+|Error|SyntaxError)$/.test(name)
  )
    return null;
  return {
    code: 'bucket_proxy',
    sentence: `A web page came in place of the store's answer (status ${status}): a proxy or firewall in between refuses, or ${place.endpointHost ?? 'the address of S3'} is not S3. Check HTTPS_PROXY, NO_PROXY and AWS_ENDPOINT_URL_S3.`,
  };
}

/** Node and undici each have their own words for a proxy that lets nothing through. */
export function proxy({ status, code, message, name }: Failure, place: BucketPlace): Explained | null {
  const refused = /proxy/i.test(code) || (status === null && /\bprox(y|ied)\b|HTTP Tunneling/i.test(message));
  if (!refused && status !== 407) return null;
  const answer = status ?? /\b([345]\d\d)\b/.exec(message)?.[1] ?? null;
  const asked = answer === null ? code || name : `it answered ${answer}`;
  const login = String(answer) === '407' ? ' The proxy wants a user and a password in HTTPS_PROXY.' : '';
  return {
    code: 'bucket_proxy',
    sentence: `The proxy did not let the vault through to ${place.endpointHost ?? 'S3'} (${asked}); check HTTPS_PROXY and NO_PROXY.${login}`,
  };
}

export function trust({ code, message }: Failure, place: BucketPlace): Explained | null {
  const told = (why: string): Explained => ({ code: 'bucket_tls', sentence: `${where(place)} ${why}` });
  if (UNTRUSTED.has(code))
    return told(
      `shows a certificate that this machine does not trust (${code}); if it is your own CA's, name its file in NODE_EXTRA_CA_CERTS, or set NODE_USE_SYSTEM_CA=1.`,
    );
  if (code === 'CERT_HAS_EXPIRED')
    return told("shows a certificate that has expired; renew it, or check this machine's clock.");
  if (code === 'CERT_NOT_YET_VALID')
    return told("shows a certificate that is not valid yet; check this machine's clock.");
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return told(
      'shows a certificate for another name; use the name in the certificate, or set VAULT_S3_PATH_STYLE=1 if the bucket is part of the name.',
    );
  if (
    /^ERR_SSL_WRONG_VERSION_NUMBER$|^ERR_SSL_PACKET_LENGTH/.test(code) ||
    (code === 'EPROTO' && /wrong version/i.test(message))
  )
    return told('does not speak TLS at this address; if it has none, write http:// in AWS_ENDPOINT_URL_S3.');
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || /^CERT_/.test(code))
    return told(
      `could not agree on TLS with this machine (${code}); check the certificate and the endpoint.`,
    );
  return null;
}
