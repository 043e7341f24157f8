import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { failureOf, nameOf } from './error-facts.ts';
import { statusOf, storageError } from './errors.ts';
import { ownFolder } from './own-objects.ts';

/** Why links may not do what people expect. */
export interface LinkProblem {
  code: 'links_local' | 'links_refused' | 'links_not_tried' | 'links_end_early';
  /** One sentence for the people who run the vault. */
  message: string;
}

const PATIENCE_MS = 5_000;
/** The SDK fetches new credentials when the old ones have this long to live. So a link has at least this. */
const RENEWED_BEFORE_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

/**
 * What may be wrong with links that work for so many minutes: an address that browsers do not reach, one that does not
 * pass requests on as they are, or credentials that end before. It never throws: links are not needed to keep files.
 */
export async function linkProblems(bucket: Bucket, minutes: number): Promise<LinkProblem[]> {
  const found = await Promise.all([addressProblem(bucket), lifeProblem(bucket, minutes)]);
  return found.filter((problem) => problem !== null);
}

async function addressProblem(bucket: Bucket): Promise<LinkProblem | null> {
  const { linkEndpoint, place } = bucket;
  if (linkEndpoint !== undefined) return triedAddress(bucket, linkEndpoint);
  if (place.endpointHost === null || !isLocalName(place.endpointHost)) return null;
  return {
    code: 'links_local',
    message: `Download links carry the bot's own address of the store, ${place.endpointHost}, which browsers elsewhere may not reach; set VAULT_LINK_ENDPOINT to the address that they do.`,
  };
}

/** A name that only a container's network or a cluster knows. */
function isLocalName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (name === 'localhost' || name.startsWith('[')) return false;
  return !name.includes('.') || /\.(svc|cluster\.local|docker\.internal)$/.test(name);
}

/** Asks for an object that is not there, through the address that links have. "There is none" is the right answer. */
async function triedAddress(bucket: Bucket, address: string): Promise<LinkProblem | null> {
  const Key = `${ownFolder(bucket, 'links')}tried`;
  const { host } = new URL(address);
  try {
    const abortSignal = AbortSignal.timeout(PATIENCE_MS);
    await (bucket.links ?? bucket.client).send(new GetObjectCommand({ Bucket: bucket.name, Key }), {
      abortSignal,
    });
    return null;
  } catch (error) {
    const name = nameOf(error);
    if (name === 'SignatureDoesNotMatch')
      return {
        code: 'links_refused',
        message: `The store does not accept links at VAULT_LINK_ENDPOINT (${host}): what stands in front of it must pass on the Host header and the path as they come.`,
      };
    if (name === 'NoSuchBucket')
      return {
        code: 'links_refused',
        message: `There is no bucket "${bucket.name}" at VAULT_LINK_ENDPOINT (${host}); check the address, and VAULT_S3_PATH_STYLE.`,
      };
    const isStore = statusOf(error) !== null && isXmlAnswer(error);
    // Who may not list the bucket is told of a missing object that it is forbidden.
    if (isStore && (name === 'NoSuchKey' || name === 'AccessDenied')) return null;
    const { message } = storageError(late(error), { name: bucket.name, endpointHost: host });
    return {
      code: 'links_not_tried',
      message: `VAULT_LINK_ENDPOINT could not be tried from here: ${message} If browsers reach it, all is well.`,
    };
  }
}

function isXmlAnswer(error: unknown): boolean {
  return !/^text\/html/i.test(failureOf(error).headers['content-type'] ?? '');
}

function late(error: unknown): unknown {
  return (error as Error).name === 'AbortError'
    ? Object.assign(new Error('late'), { name: 'TimeoutError' })
    : error;
}

/** A link that is signed with a role's credentials ends when they do. */
async function lifeProblem({ client }: Bucket, minutes: number): Promise<LinkProblem | null> {
  if (minutes * MINUTE_MS <= RENEWED_BEFORE_MS) return null;
  const { sessionToken } = await client.config.credentials().catch(() => ({ sessionToken: undefined }));
  if (sessionToken === undefined) return null;
  return {
    code: 'links_end_early',
    message: `Links are to work for ${minutes} minutes (VAULT_LINK_MINUTES), but the bot's credentials are temporary, and a link ends with them: it may have no more than ${RENEWED_BEFORE_MS / MINUTE_MS} minutes. Set VAULT_LINK_MINUTES=${RENEWED_BEFORE_MS / MINUTE_MS}, or give the bot keys that do not end.`,
  };
}

/**
 * For how many minutes a link works that is made now and should work for `wanted`: no longer than the credentials that
 * sign it. At least one.
 */
export async function minutesOfLink({ client }: Bucket, wanted: number, now: number): Promise<number> {
  const { expiration } = await client.config.credentials().catch(() => ({ expiration: undefined }));
  if (expiration === undefined) return wanted;
  return Math.max(1, Math.min(wanted, Math.floor((expiration.getTime() - now) / MINUTE_MS)));
}
