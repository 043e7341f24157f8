import { type ReactNode, useEffect, useRef, useState } from 'react';
import { bytes } from '../text/format.ts';
import { Field, TextField } from './Field.tsx';
import { FormDialog } from './FormDialog.tsx';
import { type ClipKind, type Recording, record } from './recording.ts';

export interface Clip {
  kind: ClipKind;
  transcode: File;
  transcript: string;
}

const NAMES = { audio: 'audio_message', video: 'Video Clip' };

interface Props {
  kind: ClipKind;
  onMade(clip: Clip): void;
  onClose(): void;
}

/** Records a substitute for a clip, or uses a file as the clip. */
export function ClipDialog({ kind, onMade, onClose }: Props): ReactNode {
  const [recording, setRecording] = useState<Recording | null>(null);
  const [seconds, setSeconds] = useState(0);
  const [file, setFile] = useState<File | null>(null);
  const [transcript, setTranscript] = useState('');
  const [problem, setProblem] = useState('');
  const running = useRef<Recording | null>(null);
  running.current = recording;

  useEffect(() => () => running.current?.cancel(), []);
  useEffect(() => {
    if (!recording) return;
    const began = Date.now();
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - began) / 1000)), 250);
    return () => clearInterval(timer);
  }, [recording]);

  const start = async () => {
    setProblem('');
    setFile(null);
    setSeconds(0);
    try {
      setRecording(await record(kind));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const stop = async () => {
    const blob = await recording?.stop();
    setRecording(null);
    if (!blob) return;
    const ending = blob.type.includes('mp4') ? (kind === 'audio' ? 'm4a' : 'mp4') : 'webm';
    setFile(new File([blob], `${NAMES[kind]}.${ending}`, { type: blob.type.split(';')[0] ?? '' }));
  };
  const done = async () => {
    if (!file) return;
    onMade({ kind, transcode: file, transcript });
  };
  return (
    <FormDialog
      title={kind === 'audio' ? 'Record an audio clip' : 'Record a video clip'}
      verb="Add to message"
      disabled={!file || recording !== null}
      onSubmit={done}
      onClose={onClose}
    >
      <p className="form-note">
        No microphone is needed: a melody{kind === 'video' ? ' and a moving clock are' : ' is'} recorded.
      </p>
      <div className="recorder">
        {recording ? (
          <button type="button" className="button danger solid" onClick={stop}>
            ■ Stop
          </button>
        ) : (
          // biome-ignore lint/a11y/noAutofocus: a dialog must take the focus, and this is what it is for
          <button type="button" className="button" autoFocus onClick={start}>
            ● {file ? 'Record again' : 'Record'}
          </button>
        )}
        <span role="status">
          {recording ? `Recording… ${seconds} s` : file ? `${file.name} · ${bytes(file.size)}` : ''}
        </span>
      </div>
      {problem && (
        <p className="act-error" role="alert">
          {problem}
        </p>
      )}
      <Field label="Or take a file" note="It stands for what Slack makes of the recording.">
        {(id) => (
          <input
            id={id}
            type="file"
            accept={`${kind}/*`}
            disabled={recording !== null}
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        )}
      </Field>
      <TextField
        label="Transcript (optional)"
        rows={2}
        value={transcript}
        onChange={setTranscript}
        note="What Slack understood of it."
      />
    </FormDialog>
  );
}
