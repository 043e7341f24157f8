/** Who the tests are, and where they put things. */
export const credentials = { accessKeyId: 'AKIDSANDBOX', secretAccessKey: 'secret/with+signs' };
export const Bucket = 'vault';
