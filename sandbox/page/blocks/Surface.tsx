import {
  createContext,
  type Dispatch,
  type ReactNode,
  type SetStateAction,
  useContext,
  useMemo,
  useState,
} from 'react';
import type { ActionRequest, Block } from '../../slack/page-api.ts';
import { api, type OptionsAnswer } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { type Values, valuesFor } from './values.ts';

/** A message or view whose elements act: it holds their state and sends what people do. */
export interface SurfaceValue {
  values: Values;
  errors: Record<string, string>;
  set(blockId: string, actionId: string, value: Record<string, unknown>): void;
  act(blockId: string, element: Block, payload: Record<string, unknown>): Promise<void>;
  options(blockId: string, actionId: string, typed: string): Promise<OptionsAnswer>;
}

const SurfaceContext = createContext<SurfaceValue | null>(null);

export function useSurface(): SurfaceValue {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error('useSurface needs a Surface around it');
  return surface;
}

interface Props {
  container: ActionRequest['container'];
  blocks: Block[];
  errors?: Record<string, string>;
  /** Where to keep what people enter; a modal keeps it itself, because it submits it. */
  store?: [Values, Dispatch<SetStateAction<Values>>];
  children: ReactNode;
}

export function Surface({ container, blocks, errors = {}, store, children }: Props): ReactNode {
  const { me } = useDesk();
  const own = useState<Values>({});
  const [entered, setEntered] = store ?? own;
  const values = useMemo(() => valuesFor(blocks, entered), [blocks, entered]);

  const surface: SurfaceValue = {
    values,
    errors,
    set: (blockId, actionId, value) =>
      setEntered((old) => ({ ...old, [blockId]: { ...old[blockId], [actionId]: value } })),
    act: async (blockId, element, payload) => {
      const state = { ...values };
      const held = state[blockId]?.[element.action_id];
      // React has not yet drawn the change that this action reports.
      if (held) state[blockId] = { ...state[blockId], [element.action_id]: { ...held, ...payload } };
      const action = { block_id: blockId, action_id: element.action_id, payload, state };
      await api.action({ user: me.id, container, ...action });
    },
    options: (blockId, actionId, typed) =>
      api.options({ user: me.id, container, block_id: blockId, action_id: actionId, value: typed }),
  };
  return <SurfaceContext value={surface}>{children}</SurfaceContext>;
}
