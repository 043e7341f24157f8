import { expect, test } from 'vitest';
import { SlackApiError } from '../../src/slack/api.ts';
import { EDITED_TYPES, editedFiles } from '../../src/slack/edited-files.ts';

/** An api that knows these types, and lists two pages. */
function api(known: readonly string[]) {
  const asked: Array<Record<string, unknown>> = [];
  return {
    asked,
    async call<T>(method: string, args: Record<string, unknown> = {}): Promise<T> {
      asked.push(args);
      const isKnown = String(args.types)
        .split(',')
        .every((type) => known.includes(type));
      if (!isKnown) throw new SlackApiError(method, 'unknown_type');
      const file = { id: `F${args.page}`, title: 'Plan', mode: 'quip', updated: 1_741_700_000 };
      return { ok: true, files: [file, { mode: 'quip' }], paging: { pages: 2 } } as T;
    },
    close: async () => {},
  };
}

test('edited files are listed page by page, with when they were edited last', async () => {
  const slack = api(['spaces', 'snippets', 'canvas', 'lists']);
  const first = await editedFiles(slack, { teamId: 'T1', types: 0, page: 1 });
  expect(first).toMatchObject({
    files: [{ fileId: 'F1', title: 'Plan', updatedAt: 1_741_700_000_000 }],
    more: true,
  });
  expect(await editedFiles(slack, { teamId: 'T1', types: 0, page: 2 })).toMatchObject({ more: false });
});

test('types that a workspace does not know are left out, down to those that Slack documents', async () => {
  const slack = api(['spaces', 'snippets']);
  expect(await editedFiles(slack, { teamId: 'T1', types: 0, page: 1 })).toBeNull();
  expect(await editedFiles(slack, { teamId: 'T1', types: 1, page: 1 })).toBeNull();
  expect(await editedFiles(slack, { teamId: 'T1', types: 2, page: 1 })).toMatchObject({ more: true });
  expect(slack.asked.map(({ types }) => types)).toEqual([...EDITED_TYPES]);
  const nothing = api([]);
  await expect(editedFiles(nothing, { teamId: 'T1', types: 2, page: 1 })).rejects.toThrow('unknown_type');
});
