import type { Asked } from '../call.ts';
import { S3Error } from '../errors.ts';
import { ACCOUNT, type Properties } from '../properties.ts';
import { arnOf, needsOf } from './needs.ts';
import { effectOf, type Need, type Policy } from './policy.ts';

const USER = `arn:aws:iam::${ACCOUNT}:user/vault`;
export const ALLOW_ALL: Policy = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

/** Asks the policies, as AWS does: a Deny anywhere wins, and without an Allow nothing is allowed. */
export interface Guard {
  /** `upload` is the one that the request goes on with. @throws S3Error `AccessDenied`, in AWS's words. */
  check(asked: Asked, upload: Properties | null): void;
  /** The same for one key of a longer request. */
  checkKey(asked: Asked, action: string, key: string): void;
  /**
   * Who may not list must not learn which keys there are (Amazon S3 API reference, "GetObject"): for them, an object
   * that is not there is forbidden. A right that is limited to a prefix counts as none, as the request for an object
   * names no prefix.
   */
  disguise(error: S3Error, asked: Asked): S3Error;
}

/** `rights` belongs to the user, the `policies` to the bucket. */
export function createGuard(rights: Policy, policies: readonly Policy[]): Guard {
  function refusal(need: Need): S3Error | null {
    const { action, resource } = need;
    const denied = (because: string): S3Error =>
      new S3Error(
        'AccessDenied',
        `User: ${USER} is not authorized to perform: ${action} on resource: "${resource}" ${because}`,
      );
    if (policies.some((policy) => effectOf(policy, need) === 'Deny'))
      return denied('with an explicit deny in a resource-based policy');
    const own = effectOf(rights, need);
    if (own === 'Deny') return denied('with an explicit deny in an identity-based policy');
    if (own === 'Allow' || policies.some((policy) => effectOf(policy, need) === 'Allow')) return null;
    return denied(`because no identity-based policy allows the ${action} action`);
  }
  function check(needs: Need[]): void {
    for (const need of needs) {
      const error = refusal(need);
      if (error) throw error;
    }
  }
  return {
    check: (asked, upload) => check(needsOf(asked, upload)),
    checkKey: ({ bucketName }, action, key) =>
      check([{ action, resource: arnOf(bucketName, key), keys: new Map() }]),
    disguise(error, { operation, bucketName }) {
      if (error.code !== 'NoSuchKey' || !/^(Get|Head|Copy)Object$/.test(operation)) return error;
      const listing = { action: 's3:ListBucket', resource: arnOf(bucketName, ''), keys: new Map() };
      return refusal(listing) ?? error;
    },
  };
}
