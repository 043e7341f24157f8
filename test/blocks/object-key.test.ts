import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectKeyView } from '../../src/blocks/object-key.ts';
import { runs } from '../runs.ts';
import { anyFile, anyName } from './arbitraries.ts';
import { expectView } from './block-kit-rules.ts';
import { file } from './samples.ts';
import { expectScreenView } from './snapshot.ts';

describe('where a file lies in the bucket', () => {
  it('is there letter by letter', async () => {
    const view = objectKeyView({
      file: file({ objectKey: 'a/b*c_d/`e`.pdf', versionId: 'v1' }),
      bucket: 'acme',
    });
    await expectScreenView('object-key', view);
    expect(JSON.stringify(view)).toContain('"s3://acme/a/b*c_d/`e`.pdf"');
  });

  it('keeps within limits for any key', () => {
    fc.assert(
      fc.property(anyFile, anyName, (given, name) => {
        expectView(objectKeyView({ file: { ...given, objectKey: name.slice(0, 1024) }, bucket: 'acme' }));
      }),
      { numRuns: runs(60) },
    );
  });
});
