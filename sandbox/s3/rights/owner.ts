import type { Asked } from '../call.ts';
import { S3Error } from '../errors.ts';
import { ACCOUNT } from '../properties.ts';

/**
 * Is the bucket whose the client thinks? Amazon S3 user guide, "Verifying bucket ownership with bucket owner
 * condition". @throws S3Error `AccessDenied`, or `InvalidBucketOwnerAWSAccountID` for what is no account.
 */
export function checkOwner({ headers, operation }: Asked): void {
  const names = ['x-amz-expected-bucket-owner'];
  if (operation === 'CopyObject') names.push('x-amz-source-expected-bucket-owner');
  for (const name of names) {
    const expected = headers.get(name);
    if (expected === undefined) continue;
    if (!/^\d{12}$/.test(expected)) {
      throw new S3Error(
        'InvalidBucketOwnerAWSAccountID',
        `The value of the expected bucket owner parameter must be an AWS Account ID... [${expected}]`,
      );
    }
    if (expected !== ACCOUNT) throw new S3Error('AccessDenied', 'Access Denied');
  }
}
