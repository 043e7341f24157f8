import { type Dispatch, useCallback, useEffect, useReducer, useRef } from 'react';
import type { PageEvent, Workspace } from '../../slack/page-api.ts';
import { api } from './api.ts';
import { useLive } from './live.ts';
import { type Change, channelOf, EMPTY, type Model, type Place, reduce } from './model.ts';
import { readRoute, writeRoute } from './route.ts';

/** One person's window: loads it, keeps it up to date, and keeps the address in step. */
export function useModel(user: string, complain: (error: unknown) => void): [Model, Dispatch<Change>] {
  const [model, dispatch] = useReducer(reduce, EMPTY);
  const complaint = useRef(complain);
  complaint.current = complain;

  const refresh = useCallback(async () => {
    try {
      const workspace = await api.workspace(user);
      dispatch({ type: 'workspace', workspace });
    } catch (error) {
      complaint.current(error);
    }
  }, [user]);

  useEffect(() => {
    void refresh();
  }, [refresh]);

  const channel = channelOf(model.workspace, model.place);
  // Events that come while messages are fetched are newer than the answer, so they are applied again after it.
  const under = useRef(new Set<PageEvent[]>());
  const load = useCallback(async () => {
    if (!channel) return;
    const meanwhile: PageEvent[] = [];
    under.current.add(meanwhile);
    try {
      const { messages } = await api.messages(user, channel);
      dispatch({ type: 'loaded', channel, messages });
      meanwhile.forEach(dispatch);
    } catch (error) {
      complaint.current(error);
    } finally {
      under.current.delete(meanwhile);
    }
  }, [user, channel]);

  useEffect(() => {
    void load();
  }, [load]);

  const onEvent = (event: PageEvent) => {
    for (const meanwhile of under.current) meanwhile.push(event);
    dispatch(event);
  };
  useLive(user, onEvent, (live) => {
    dispatch({ type: 'live', live });
    // What happened before the stream was open, or while it was broken, is fetched.
    if (live) {
      void refresh();
      void load();
    }
  });

  // The first place depends on the workspace; after that the address follows the person.
  const { workspace, place } = model;
  useEffect(() => {
    if (!workspace) return;
    if (!place) dispatch({ type: 'go', place: firstPlace(workspace) });
    else history.replaceState(null, '', writeRoute(workspace.me.name, place));
  }, [workspace, place]);

  return [model, dispatch];
}

function firstPlace(workspace: Workspace): Place {
  const { place } = readRoute(location.hash);
  if (place?.kind === 'app') return place;
  if (place && workspace.channels.some((one) => one.id === place.id)) return place;
  const mine = workspace.channels.filter((one) => one.kind !== 'im');
  const first = mine.find((one) => one.name === 'general') ?? mine[0];
  return first ? { kind: 'channel', id: first.id } : { kind: 'app', tab: 'home' };
}
