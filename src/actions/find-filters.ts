import { decodeSought } from '../blocks/kit/cursor.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { staleScreen } from '../blocks/stale.ts';
import { readField } from '../text/typed.ts';
import type { Vault } from '../vault/context.ts';
import { withFilter, withoutFilters } from '../vault/query/filter.ts';
import type { Action, Click } from './click.ts';
import { pageFor, showPage } from './list-page.ts';
import type { Submission } from './submission.ts';

/** A menu or button of the filter: it changes the words of the search. The menus stay open while somebody chooses. */
function filter(id: string, change: (query: string, chosen: string) => string, open = true): Action {
  return {
    id,
    async run(vault: Vault, click: Click) {
      const sought = decodeSought(click.blockId);
      if (sought === null) return click.replace(staleScreen());
      // What was typed and is chosen already: nothing changes.
      const query = click.value === 'as_typed' ? sought.query : change(sought.query, click.value);
      await showPage(vault, click, { ...sought, query, open: open && click.value !== 'closed' });
    },
  };
}

/** The first choice of a menu removes the filter. */
const unlessAny = (chosen: string, words: string) => (chosen === 'any' || chosen === '' ? '' : words);
const asIs = (query: string) => query;

export const findFilters: readonly Action[] = [
  filter('find_person', (query, id) => withFilter(query, 'person', unlessAny(id, `<@${id}>`))),
  filter('find_channel', (query, id) => withFilter(query, 'channel', unlessAny(id, `<#${id}>`))),
  filter('find_type', (query, types) => withFilter(query, 'type', unlessAny(types, `type:${types}`))),
  filter('find_time', (query, time) => withFilter(query, 'time', unlessAny(time, time))),
  filter('find_size', (query, size) => withFilter(query, 'size', unlessAny(size, size))),
  filter('find_sort', (query, order) => withFilter(query, 'sort', order === 'match' ? '' : `sort:${order}`)),
  filter('find_words', (query, typed) => withFilter(query, 'words', readField(typed)), false),
  filter('find_open', asIs),
  filter('find_close', asIs, false),
  filter('find_clear', withoutFilters),
];

/** Search in the modal: the typed words replace the old ones. */
export const findWords: Submission = {
  id: 'find_words',
  async run(vault, { userId, values }) {
    const [block = ''] = Object.keys(values).filter((id) => values[id]?.find_words !== undefined);
    const sought = decodeSought(block);
    if (sought === null) return screenModal(staleScreen());
    const typed = values[block]?.find_words?.value;
    const query = withFilter(sought.query, 'words', typeof typed === 'string' ? readField(typed) : '');
    return screenModal(await pageFor(vault, { userId, ...sought, query, inModal: true }));
  },
};
