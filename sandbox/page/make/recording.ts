/** Records a clip without a microphone or camera: a melody, and for a video a moving clock. */

export type ClipKind = 'audio' | 'video';

export interface Recording {
  /** Stops it and returns the recording. */
  stop(): Promise<Blob>;
  cancel(): void;
}

const TYPES: Record<ClipKind, string[]> = {
  audio: ['audio/mp4', 'audio/webm'],
  video: ['video/mp4', 'video/webm'],
};
const NOTES = [262, 330, 392, 523, 392, 330];

/** Begins to record. Throws if the browser has no recorder for this kind. */
export async function record(kind: ClipKind): Promise<Recording> {
  const type = TYPES[kind].find((one) => globalThis.MediaRecorder?.isTypeSupported(one));
  if (!type) throw new Error('This browser cannot record. Take a file instead.');
  const sound = melody();
  const picture = kind === 'video' ? clock() : null;
  const tracks = [...sound.stream.getTracks(), ...(picture?.stream.getTracks() ?? [])];
  const recorder = new MediaRecorder(new MediaStream(tracks), { mimeType: type });
  const chunks: Blob[] = [];
  recorder.ondataavailable = (event) => chunks.push(event.data);
  recorder.start();
  const end = () => {
    sound.stop();
    picture?.stop();
    for (const track of tracks) track.stop();
  };
  return {
    stop: () =>
      new Promise((resolve) => {
        recorder.onstop = () => {
          end();
          resolve(new Blob(chunks, { type }));
        };
        recorder.stop();
      }),
    cancel: () => {
      recorder.stop();
      end();
    },
  };
}

interface Source {
  stream: MediaStream;
  stop(): void;
}

function melody(): Source {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const tone = context.createOscillator();
  const volume = context.createGain();
  volume.gain.value = 0.2;
  tone.connect(volume).connect(out);
  for (let step = 0; step < 400; step += 1) {
    tone.frequency.setValueAtTime(NOTES[step % NOTES.length] ?? 262, context.currentTime + step * 0.3);
  }
  tone.start();
  return {
    stream: out.stream,
    stop: () => {
      tone.stop();
      void context.close();
    },
  };
}

function clock(): Source {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 320, height: 180 });
  const pen = canvas.getContext('2d');
  const began = Date.now();
  const draw = () => {
    if (!pen) return;
    const seconds = (Date.now() - began) / 1000;
    pen.fillStyle = '#3a1a40';
    pen.fillRect(0, 0, 320, 180);
    pen.fillStyle = '#ffd479';
    pen.beginPath();
    pen.arc(160 + 90 * Math.cos(seconds * 2), 90 + 50 * Math.sin(seconds * 2), 14, 0, 7);
    pen.fill();
    pen.fillStyle = '#fff';
    pen.font = '32px sans-serif';
    pen.fillText(`${seconds.toFixed(1)} s`, 120, 100);
  };
  draw();
  const timer = setInterval(draw, 50);
  return { stream: canvas.captureStream(20), stop: () => clearInterval(timer) };
}
