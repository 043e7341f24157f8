import { S3Error } from './errors.ts';

/** Tags of an object: Amazon S3 user guide, "Categorizing your objects using tags". */
export type Tags = Record<string, string>;

const MOST_TAGS = 10;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
/** Letters, numbers, spaces, and `+ - = . _ : / @`. */
const ALLOWED = /^[\p{L}\p{N}\p{Zs}+\-=._:/@]*$/u;

/** Checks number and spelling. @throws S3Error `BadRequest`, `InvalidTag`. */
export function checkTags(pairs: [key: string, value: string][]): Tags {
  if (pairs.length > MOST_TAGS)
    throw new S3Error('BadRequest', `Object tags cannot be greater than ${MOST_TAGS}`);
  const tags: Tags = {};
  for (const [key, value] of pairs) {
    if (key === '' || key.length > LONGEST_KEY || key.startsWith('aws:') || !ALLOWED.test(key))
      throw new S3Error('InvalidTag', 'The TagKey you have provided is invalid', {
        elements: { TagKey: key },
      });
    if (value.length > LONGEST_VALUE || !ALLOWED.test(value))
      throw new S3Error('InvalidTag', 'The TagValue you have provided is invalid', {
        elements: { TagKey: key, TagValue: value },
      });
    if (Object.hasOwn(tags, key))
      throw new S3Error('InvalidTag', 'Cannot provide multiple Tags with the same key', {
        elements: { TagKey: key },
      });
    tags[key] = value;
  }
  return tags;
}

/** `x-amz-tagging`, written like a query. @throws S3Error as `checkTags`, and `InvalidArgument`. */
export function readTagHeader(header: string): Tags {
  const pairs = [...new URLSearchParams(header)];
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw new S3Error(
      'InvalidArgument',
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      { elements: { ArgumentName: 'x-amz-tagging', ArgumentValue: header } },
    );
  }
  return checkTags(pairs);
}
