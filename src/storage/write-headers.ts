import type { S3Client } from '@aws-sdk/client-s3';

/** What the settings ask for with each object that is written. */
export interface WriteSettings {
  /** SSE-KMS with this key: its id, ARN or alias. */
  kmsKeyId?: string | undefined;
  storageClass?: string | undefined;
  tags?: Record<string, string> | undefined;
  /** The account that must own the bucket; another one refuses. */
  expectedOwner?: string | undefined;
}

/** The headers of one write. Names are in lower case. */
export function writeHeaders(settings: WriteSettings): Record<string, string> {
  const { tags } = settings;
  return {
    ...copyHeaders(settings),
    ...(tags && { 'x-amz-tagging': new URLSearchParams(tags).toString().replaceAll('+', '%20') }),
  };
}

/** A copy within the bucket takes its tags along. Encryption and class it has to be told again. */
function copyHeaders({ kmsKeyId, storageClass, expectedOwner }: WriteSettings): Record<string, string> {
  return {
    ...(kmsKeyId && {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId,
    }),
    ...(storageClass && { 'x-amz-storage-class': storageClass }),
    ...ownerHeader(expectedOwner),
  };
}

function ownerHeader(owner: string | undefined): Record<string, string> {
  return owner ? { 'x-amz-expected-bucket-owner': owner } : {};
}

/** Puts the headers on whatever the client sends. No command has to think of them, and none can forget them. */
export function sendWithHeaders(client: S3Client, settings: WriteSettings): void {
  const { expectedOwner } = settings;
  const byCommand: Record<string, Record<string, string>> = {
    PutObjectCommand: writeHeaders(settings),
    CreateMultipartUploadCommand: writeHeaders(settings),
    CopyObjectCommand: {
      ...copyHeaders(settings),
      ...(expectedOwner && { 'x-amz-source-expected-bucket-owner': expectedOwner }),
    },
  };
  const others = ownerHeader(expectedOwner);
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (call) => {
        const { headers } = call.request as { headers: Record<string, string> };
        Object.assign(headers, byCommand[commandName] ?? others);
        return next(call);
      },
    // Before the signature, which then holds them.
    { step: 'build', name: 'headersOfSettings' },
  );
}
