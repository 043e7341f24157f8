import type { ReactNode } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { useDesk } from '../store/desk.ts';
import { ActNote } from './ActNote.tsx';
import { Combobox, type Item } from './Combobox.tsx';
import type { ElementProps } from './Element.tsx';
import { useSurface } from './Surface.tsx';
import { plain } from './Text.tsx';
import { useAct } from './useAct.ts';

/** Every kind of select, single and multi: static, external, users, channels, conversations. */
export function SelectElement({ blockId, element, input }: ElementProps): ReactNode {
  const { values, set, options } = useSurface();
  const { busy, error, act } = useAct(blockId, element);
  const items = useItems(element);
  const many = element.type.startsWith('multi_');
  const key = stateKey(element.type);
  const byOption = key.startsWith('selected_option');
  const held = values[blockId]?.[element.action_id]?.[key];
  const chosen = (many ? ((held as unknown[]) ?? []) : [held].filter(Boolean)).map((one) =>
    byOption
      ? optionItem(one as Block)
      : (items.find((item) => item.id === one) ?? { id: String(one), text: String(one) }),
  );

  const choose = async (next: Item[]) => {
    const picked = next.map((item) => (byOption ? item.option : item.id));
    const payload = { [key]: many ? picked : (picked[0] ?? null) };
    if (!input?.quiet && !(await act(payload))) return;
    set(blockId, element.action_id, { type: element.type, ...payload });
  };
  const search = async (typed: string): Promise<Item[]> => {
    const answer = await options(blockId, element.action_id, typed);
    return itemsFrom(answer.options, answer.option_groups);
  };
  return (
    <span className="acting">
      <Combobox
        id={input?.id}
        label={input?.label ?? (plain(element.placeholder) || 'Choose')}
        placeholder={plain(element.placeholder) || 'Choose an option'}
        chosen={chosen}
        items={items}
        many={many}
        max={element.max_selected_items}
        busy={busy}
        wrong={input?.wrong ?? false}
        search={element.type.endsWith('external_select') ? search : undefined}
        minLength={element.min_query_length ?? 3}
        onChoose={choose}
      />
      <ActNote error={error} />
    </span>
  );
}

function stateKey(type: string): string {
  const what = /(static|external|users|channels|conversations)_select$/.exec(type)?.[1] ?? 'static';
  const noun = what === 'static' || what === 'external' ? 'option' : what.slice(0, -1);
  return `selected_${noun}${type.startsWith('multi_') ? 's' : ''}`;
}

function optionItem(option: Block, group?: string): Item {
  const note = option.description ? plain(option.description) : undefined;
  return { id: option.value, text: plain(option.text), note, group, option };
}

function itemsFrom(options: Block[] = [], groups: Block[] = []): Item[] {
  return [
    ...options.map((option) => optionItem(option)),
    ...groups.flatMap((group) =>
      group.options.map((option: Block) => optionItem(option, plain(group.label))),
    ),
  ];
}

function useItems(element: Block): Item[] {
  const { workspace } = useDesk();
  if (element.type.endsWith('static_select')) return itemsFrom(element.options, element.option_groups);
  if (element.type.endsWith('users_select')) {
    return workspace.people.map((one) => ({ id: one.id, text: one.real_name, note: `@${one.name}` }));
  }
  if (element.type.endsWith('external_select')) return [];
  return workspace.channels
    .filter(
      (one) => one.kind === 'public' || (one.kind === 'private' && !element.type.endsWith('channels_select')),
    )
    .map((one) => ({ id: one.id, text: `#${one.name}` }));
}
