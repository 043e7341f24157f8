import { decodeSought } from '../blocks/kit/cursor.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { staleScreen } from '../blocks/stale.ts';
import { readField } from '../text/typed.ts';
import type { Vault } from '../vault/context.ts';
import { withFilter } from '../vault/query/filter.ts';
import type { Action, Click } from './click.ts';
import { pageFor, showPage } from './list-page.ts';
import type { Submission } from './submission.ts';

/** A menu of the find screen: the choice replaces the words of the old filter. */
function filter(id: string, change: (query: string, chosen: string) => string): Action {
  return {
    id,
    async run(vault: Vault, click: Click) {
      const sought = decodeSought(click.blockId);
      if (sought === null) return click.replace(staleScreen());
      await showPage(vault, click, { ...sought, query: change(sought.query, click.value) });
    },
  };
}

/** The first choice of a menu removes the filter. */
const unlessAny = (chosen: string, words: string) => (chosen === 'any' || chosen === '' ? '' : words);

export const findFilters: readonly Action[] = [
  filter('find_person', (query, id) => withFilter(query, 'person', unlessAny(id, `<@${id}>`))),
  filter('find_channel', (query, id) => withFilter(query, 'channel', unlessAny(id, `<#${id}>`))),
  filter('find_type', (query, types) => withFilter(query, 'type', unlessAny(types, `type:${types}`))),
  filter('find_time', (query, time) => withFilter(query, 'time', unlessAny(time, time))),
  filter('find_words', (query, typed) => withFilter(query, 'words', readField(typed))),
  filter('find_clear', () => ''),
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
