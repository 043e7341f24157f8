import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/storage/bucket.ts';
import { objectKey } from '../../src/storage/key.ts';
import { attachment, presignDownload } from '../../src/storage/presign.ts';
import { putObject } from '../../src/storage/put.ts';
import { openTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());

/** The name that a browser takes from a `Content-Disposition` header. */
function nameIn(header: string): string {
  const exact = /filename\*=UTF-8''([^;]+)/.exec(header)?.[1];
  return exact ? decodeURIComponent(exact) : (/filename="([^"]*)"/.exec(header)?.[1] ?? '');
}

const at = (name: string) => ({ teamId: 'T1', channelId: 'C1', sharedAt: 0, fileId: 'F1', name });

/** The same bucket with temporary credentials, whose token is in every link. */
function withLongToken(bucket: Bucket, length: number): Bucket {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'x'.repeat(length) };
  return { ...bucket, client: new S3Client({ region: 'us-east-1', credentials }) };
}

async function download(name: string, contentType: string | null = 'text/html') {
  const key = objectKey({ prefix: target.bucket.prefix, ...at(name) });
  const body = Buffer.from(`the bytes of ${key}`);
  const metadata = { team: 'T1', file: 'F1' };
  const { versionId } = await putObject(target.bucket, {
    key,
    body,
    length: body.length,
    contentType: 'a/b',
    metadata,
  });
  const url = await presignDownload(target.bucket, { key, versionId, name, contentType, expiresSeconds: 60 });
  return { url, body, answer: await fetch(url) };
}

describe('presignDownload', () => {
  it.each([
    'a.pdf',
    'Bericht über 100 %.pdf',
    '漢字 "quoted"; it\'s (1).png',
    '👩‍👧*!~+&=#?.txt',
    `${'漢'.repeat(80)}.pdf`,
  ])('downloads %j under its exact name', async (name) => {
    const { url, body, answer } = await download(name);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
    const disposition = answer.headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment;/);
    expect(nameIn(disposition)).toBe(name);
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(url.length).toBeLessThan(3000);
  });

  it('shortens a name that would make the link too long, and keeps its extension', async () => {
    const bucket = withLongToken(target.bucket, 900);
    const name = `${'漢'.repeat(80)}.pdf`;
    const file = {
      key: objectKey({ prefix: bucket.prefix, ...at(name) }),
      name,
      contentType: null,
      expiresSeconds: 60,
    };
    const url = await presignDownload(bucket, file);
    expect(url.length).toBeLessThan(3000);
    const disposition = new URL(url).searchParams.get('response-content-disposition') ?? '';
    expect(nameIn(disposition)).toMatch(/^漢{5,79}\.pdf$/);
  });

  it('says so when even the shortest link is too long', async () => {
    const file = { key: 'a/b', name: 'b', contentType: null, expiresSeconds: 60 };
    const link = presignDownload(withLongToken(target.bucket, 3000), file);
    await expect(link).rejects.toMatchObject({ code: 'link_too_long' });
  });

  it('makes a link that ends', async () => {
    const { url } = await download('b.txt');
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('60');
    const forged = url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000');
    expect((await fetch(forged)).status).toBe(403);
  });

  it('does not pass on an invalid content type', async () => {
    const { answer } = await download('c.txt', 'text/html\r\nx-evil: 1');
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  });
});

describe('attachment', () => {
  it('is one line of ASCII from which the name comes back, for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const header = attachment(name);
        expect(header).toMatch(
          /^attachment; filename="[ !#-[\]-~]*"(; filename\*=UTF-8''[\w!#$&+.^`|~%-]+)?$/,
        );
        const exact = name.toWellFormed();
        const harmless = !/[\p{Cc}/\\\u202a-\u202e\u2066-\u2069]/u.test(exact) && !/^\.*$/.test(exact);
        if (harmless && Buffer.byteLength(exact) <= 255) expect(nameIn(header)).toBe(exact);
        expect(nameIn(header)).not.toMatch(/[\p{Cc}/\\\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
