import { beforeEach, describe, expect, it } from 'vitest';
import { type Asking, cached } from '../../src/slack/cached.ts';
import { askingFor, urgencyNow } from '../../src/slack/urgency.ts';

describe('answers that are kept for a while', () => {
  it('are asked for once, by however many at a time, until they are too old', async () => {
    let now = 0;
    let asked = 0;
    const kept = cached(
      1_000,
      () => now,
      async (key) => `${key} ${++asked}`,
    );
    expect(await Promise.all([kept.get('a'), kept.get('a'), kept.get('b')])).toEqual(['a 1', 'a 1', 'b 2']);
    now = 999;
    expect(await kept.get('a')).toBe('a 1');
    now = 1_000;
    expect(await kept.get('a')).toBe('a 3');
    kept.forget('a');
    expect(await kept.get('a')).toBe('a 4');
  });

  it('failures are not kept', async () => {
    let fail = true;
    const kept = cached(1_000, undefined, async () => {
      if (fail) throw new Error('down');
      return 'up';
    });
    await expect(kept.get('a')).rejects.toThrow('down');
    fail = false;
    expect(await kept.get('a')).toBe('up');
  });

  it('except those that will be given again', async () => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      throw new Error('no such channel');
    };
    const kept = cached(
      1_000,
      () => 0,
      ask,
      () => true,
    );
    for (let i = 0; i < 3; i++) await expect(kept.get('a')).rejects.toThrow('no such channel');
    expect(asked).toBe(1);
  });

  it('are asked for again by whoever is more urgent, while the question waits in line, and all get that answer', async () => {
    const asked: string[] = [];
    const questions: Asking[] = [];
    const answers: Array<(value: string) => void> = [];
    const kept = cached(1_000, undefined, (_, asking) => {
      asked.push(urgencyNow());
      questions.push(asking);
      return new Promise<string>((resolve, reject) => {
        answers.push(resolve);
        asking.signal.addEventListener('abort', () => reject(asking.signal.reason));
      });
    });
    const home = askingFor('home', () => kept.get('a'));
    const sweep = askingFor('background', () => kept.get('a'));
    const person = askingFor('person', () => kept.get('a'));
    expect(asked).toEqual(['home', 'person']);
    answers[1]?.('told');
    expect(await Promise.all([home, sweep, person])).toEqual(['told', 'told', 'told']);

    const sent = askingFor('home', () => kept.get('b'));
    await questions.at(-1)?.beforeSend();
    const later = askingFor('person', () => kept.get('b'));
    answers.at(-1)?.('sent already');
    expect(await Promise.all([sent, later])).toEqual(['sent already', 'sent already']);
    expect(asked).toHaveLength(3);
  });

  it('are corrected if they are there, and asked for again if the question is under way', async () => {
    let asked = 0;
    const kept = cached(
      1_000,
      () => 0,
      async () => {
        asked += 1;
        return new Set(['U1']);
      },
    );
    const under = kept.get('a');
    kept.mend('a', (set) => set.add('U2'));
    await under;
    await kept.get('a');
    kept.mend('a', (set) => set.add('U2'));
    expect([...(await kept.get('a'))]).toEqual(['U1', 'U2']);
    expect(asked).toBe(2);
  });

  describe('with a shorter age', () => {
    let now = 0;
    let asked = 0;
    let answer: (key: string, asking: Asking) => Promise<Set<string>>;
    const kept = cached<Set<string>>(
      60_000,
      () => now,
      (key, asking) => {
        asked += 1;
        return answer(key, asking);
      },
      () => true,
    );
    beforeEach(() => {
      now = 0;
      asked = 0;
      kept.forgetAll();
      answer = async () => new Set(['U1']);
    });

    it('are asked for again when they are older', async () => {
      await kept.get('a');
      now = 2_999;
      await kept.get('a', 3_000);
      expect(asked).toBe(1);
      now = 3_000;
      expect(kept.peek('a', 3_000)).toBeUndefined();
      expect([kept.has('a'), kept.peek('a')?.size]).toEqual([true, 1]);
      await kept.get('a', 3_000);
      expect(asked).toBe(2);
    });

    it('but not while the question waits in line, nor when Slack refused', async () => {
      let asking: Asking | undefined;
      let tell = (_: Set<string>) => {};
      answer = (_, how) => {
        asking = how;
        return new Promise((resolve) => {
          tell = resolve;
        });
      };
      const first = kept.get('a');
      now = 40_000;
      const second = kept.get('a', 3_000);
      await asking?.beforeSend();
      tell(new Set());
      await Promise.all([first, second]);
      // It was sent just now, so it is young.
      await kept.get('a', 3_000);
      expect(asked).toBe(1);

      answer = () => Promise.reject(new Error('no such channel'));
      await expect(kept.get('b')).rejects.toThrow('no such channel');
      now = 50_000;
      kept.mend('b', (set) => set.add('U2'));
      await expect(kept.get('b', 3_000)).rejects.toThrow('no such channel');
      expect(asked).toBe(2);
    });

    it('are forgotten if an event says otherwise, also when they come later', async () => {
      await kept.get('a');
      kept.forgetUnless('a', (set) => set.has('U1'));
      await kept.get('a');
      expect(asked).toBe(1);
      kept.forgetUnless('a', (set) => set.has('U2'));
      const under = kept.get('a');
      kept.forgetUnless('a', (set) => set.has('U2'));
      await under;
      await kept.get('a');
      expect(asked).toBe(3);
    });
  });
});
