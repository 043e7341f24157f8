import type { IncomingHttpHeaders } from 'node:http';
import { HTTPModuleFunctions } from '@slack/bolt';

/** Bolt's own limit for a request's body. */
export const MOST_BODY_BYTES = HTTPModuleFunctions.defaultBodyLimit;

/** Slack's rule: do not answer a request whose time differs by more than this. */
export const SIGNED_FOR_MS = 5 * 60_000;

/**
 * When Slack checks a command's address, it sends a short form without a signature:
 * https://docs.slack.dev/interactivity/implementing-slash-commands.
 */
const MOST_CHECK_BYTES = 1_024;

/** Why a request is refused. */
export interface Refusal {
  status: 401 | 413 | 503;
  code: 'bad_signature' | 'body_too_large' | 'too_many_bodies';
}

const BAD_SIGNATURE: Refusal = { status: 401, code: 'bad_signature' };
export const TOO_LARGE: Refusal = { status: 413, code: 'body_too_large' };

/** Checks only the headers, before the body is read. Undefined when the body should be read. */
export function refusalByHeaders(headers: IncomingHttpHeaders, nowMs: number): Refusal | undefined {
  const { 'content-length': length, 'content-type': type } = headers;
  if (length !== undefined && Number(length) > MOST_BODY_BYTES) return TOO_LARGE;
  const [signature, time] = [headers['x-slack-signature'], headers['x-slack-request-timestamp']];
  if (signature === undefined && time === undefined) {
    const isCheck = type === 'application/x-www-form-urlencoded' && Number(length) <= MOST_CHECK_BYTES;
    return isCheck ? undefined : BAD_SIGNATURE;
  }
  if (typeof signature !== 'string' || !/^v0=[0-9a-f]{64}$/.test(signature)) return BAD_SIGNATURE;
  if (typeof time !== 'string' || !/^[1-9]\d{0,11}$/.test(time)) return BAD_SIGNATURE;
  // Bolt checks only for times that are too old.
  return Math.abs(nowMs - Number(time) * 1000) > SIGNED_FOR_MS ? BAD_SIGNATURE : undefined;
}
