import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { StepName } from '../first-steps-types.ts';
import { BucketPanel } from './bucket/BucketPanel.tsx';
import { useBucket } from './bucket/useBucket.ts';
import { AppView } from './channel/AppView.tsx';
import { ChannelView } from './channel/ChannelView.tsx';
import { Sidebar } from './channel/Sidebar.tsx';
import { ThreadPane } from './channel/ThreadPane.tsx';
import { Asking } from './parts/Asking.tsx';
import { Modals } from './parts/Modals.tsx';
import { SkipLink } from './parts/SkipLink.tsx';
import { type Toast, Toasts } from './parts/Toasts.tsx';
import { TopBar } from './parts/TopBar.tsx';
import { FirstPath } from './path/FirstPath.tsx';
import { mayBreak, sampleChannel } from './path/steps.ts';
import { api } from './store/api.ts';
import { DeskContext, type Desk as DeskValue } from './store/desk.ts';
import { channelOf } from './store/model.ts';
import { useModel } from './store/useModel.ts';
import { TroubleBanner } from './trouble/TroubleBanner.tsx';
import { troubleInWords } from './trouble/words.ts';

const WIDE = 1100;

/** Everything that one person sees. Each person has their own desk. */
export function Desk({ user }: { user: string }): ReactNode {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const [showBucket, setShowBucket] = useState(() => innerWidth >= WIDE);
  const [showSidebar, setShowSidebar] = useState(false);
  const [showTrouble, setShowTrouble] = useState<boolean | null>(null);
  const [draft, setDraft] = useState<string | null>(null);

  const complain = useCallback((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    setToasts((old) => [...old.filter((one) => one.text !== text), { id: Date.now() + Math.random(), text }]);
  }, []);
  const [model, dispatch] = useModel(user, complain);
  const view = useBucket();
  const { workspace } = model;
  const { lookNow } = view;
  const isDone = useRef<(step: StepName) => boolean>(() => true);
  isDone.current = (step) => view.bucket?.steps.done.includes(step) ?? true;
  const tick = useCallback(
    (step: StepName) => {
      if (!isDone.current(step)) api.tick(step).then(lookNow, complain);
    },
    [lookNow, complain],
  );
  // Whoever looks as an admin has been the admin.
  const isAdmin = workspace?.me.role === 'admin';
  const isKnown = view.bucket !== null;
  useEffect(() => {
    if (isAdmin && isKnown) tick('admin');
  }, [isAdmin, isKnown, tick]);

  const desk = useMemo<DeskValue | null>(() => {
    if (!workspace) return null;
    const people = new Map(workspace.people.map((one) => [one.id, one]));
    const channels = new Map(workspace.channels.map((one) => [one.id, one]));
    return {
      me: workspace.me,
      workspace,
      person: (id) => people.get(id),
      channel: (id) => channels.get(id),
      go: (place) => {
        dispatch({ type: 'go', place });
        setShowSidebar(false);
      },
      openThread: (thread) => dispatch({ type: 'thread', thread }),
      complain,
      draft,
      takeDraft: () => setDraft(null),
      write: (text) => {
        if (channelOf(workspace, model.place) === null) {
          const channel = sampleChannel(workspace);
          if (channel) dispatch({ type: 'go', place: { kind: 'channel', id: channel.id } });
        }
        setDraft(text);
      },
      tick,
      whisper: (channel, text, threadTs) => {
        const ts = (Date.now() / 1000).toFixed(6);
        const message = { channel, ts, user: 'slack', text, ephemeral: true };
        dispatch({ type: 'message', message: threadTs ? { ...message, thread_ts: threadTs } : message });
      },
      closeView: (viewId, clear = false) => {
        dispatch({ type: 'view_closed', view_id: viewId, clear });
        api.close(workspace.me.id, viewId).catch(complain);
      },
    };
  }, [workspace, model.place, dispatch, complain, draft, tick]);

  const channel = channelOf(workspace, model.place);
  if (!desk) {
    return (
      <div className="loading-page">
        <p>Opening the sandbox…</p>
        <Toasts toasts={toasts} onGone={(id) => setToasts((old) => old.filter((one) => one.id !== id))} />
      </div>
    );
  }
  const here = channel ? (desk.channel(channel) ?? null) : null;
  const trouble = view.bucket?.trouble;
  const steps = view.bucket?.steps;
  const closeSidebar = () => {
    setShowSidebar(false);
    document.getElementById('channels-button')?.focus();
  };
  const closeBucket = () => {
    setShowBucket(false);
    document.getElementById('bucket-button')?.focus();
  };
  const classes = [
    'desk',
    showBucket && 'with-bucket',
    model.thread && 'with-thread',
    trouble && troubleInWords(trouble) !== '' && 'in-trouble',
  ];
  return (
    <DeskContext value={desk}>
      <Asking>
        <div className={classes.filter(Boolean).join(' ')}>
          <SkipLink />
          <TopBar
            live={model.live}
            showBucket={showBucket}
            onBucket={() => setShowBucket(!showBucket)}
            onSidebar={() => setShowSidebar(!showSidebar)}
          />
          {trouble && <TroubleBanner trouble={trouble} onChange={view.lookNow} />}
          {steps && !steps.hidden && (
            <FirstPath
              steps={steps}
              onChange={lookNow}
              onBucket={() => setShowBucket(true)}
              onTrouble={() => {
                setShowBucket(true);
                setShowTrouble(true);
              }}
            />
          )}
          {showSidebar && <div className="scrim" onPointerDown={closeSidebar} />}
          <Sidebar
            place={model.place}
            unread={model.unread}
            open={showSidebar}
            onClose={closeSidebar}
            onPath={steps?.hidden ? () => api.hideSteps(false).then(lookNow, complain) : null}
          />
          {model.place?.kind === 'app' ? (
            <AppView tab={model.place.tab} home={model.home} channel={here} messages={model.messages} />
          ) : here ? (
            <ChannelView key={here.id} channel={here} messages={model.messages[here.id]} />
          ) : (
            <main className="main" />
          )}
          {model.thread && here && (
            <ThreadPane channel={here} ts={model.thread.ts} messages={model.messages[here.id] ?? []} />
          )}
          {showBucket && (
            <BucketPanel
              view={view}
              trouble={{ open: showTrouble ?? (steps ? mayBreak(steps) : false), onOpen: setShowTrouble }}
              onClose={closeBucket}
            />
          )}
        </div>
        <Modals views={model.views} />
        <Toasts toasts={toasts} onGone={(id) => setToasts((old) => old.filter((one) => one.id !== id))} />
      </Asking>
    </DeskContext>
  );
}
